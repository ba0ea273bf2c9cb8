module quarterdeck.test/actor

go 1.25.0
