//! The slim node out of protobuf. Field numbers from `k8s.io/api/core/v1/generated.proto`.

use super::{Address, Condition, DecodeError, Node, NodeInfo, NodeSpec, NodeStatus, Taint};
use crate::kinds::pb::{Message, Value};

impl<'a> Message<'a> for Node<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.metadata = value.message()?,
            2 => self.spec = value.message()?,
            3 => self.status = value.message()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for NodeSpec<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            4 => self.unschedulable = value.bool()?,
            5 => self.taints.0.push(value.message()?),
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Taint<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.key = value.text()?,
            2 => self.value = value.text()?,
            3 => self.effect = value.text()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for NodeStatus<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            2 => self.allocatable.take(value)?,
            4 => self.conditions.0.push(value.message()?),
            5 => self.addresses.0.push(value.message()?),
            7 => self.node_info = value.message()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Condition<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.kind = value.text()?,
            2 => self.status = value.text()?,
            4 => self.last_transition_time = value.moment()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Address<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.kind = value.text()?,
            2 => self.address = value.text()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for NodeInfo<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            4 => self.kernel_version = value.text()?,
            5 => self.os_image = value.text()?,
            6 => self.container_runtime_version = value.text()?,
            7 => self.kubelet_version = value.text()?,
            _ => {}
        }
        Ok(())
    }
}
