module quarterdeck.test/rig

go 1.25.0
