//! The slim pod out of protobuf. Field numbers from `k8s.io/api/core/v1/generated.proto`.

use super::{
    Condition, Container, ContainerStatus, DecodeError, Gate, Pod, PodIp, PodSpec, PodStatus, Running, State,
    Terminated, Waiting,
};
use crate::kinds::pb::{Message, Value};

impl<'a> Message<'a> for Pod<'a> {
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

impl<'a> Message<'a> for PodSpec<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            2 => self.containers.0.push(value.message()?),
            10 => self.node_name = value.text()?,
            20 => self.init_containers.0.push(value.message()?),
            28 => self.readiness_gates.0.push(value.message()?),
            32 => self.overhead.take(value)?,
            40 => self.resources = value.message()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Container<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.name = value.text()?,
            8 => self.resources = value.message()?,
            24 => self.restart_policy = value.text()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Gate<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        if number == 1 {
            self.condition_type = value.text()?;
        }
        Ok(())
    }
}

impl<'a> Message<'a> for PodStatus<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.phase = value.text()?,
            2 => self.conditions.0.push(value.message()?),
            4 => self.reason = value.text()?,
            6 => self.pod_ip = value.text()?,
            8 => self.container_statuses.0.push(value.message()?),
            9 => self.qos_class = value.text()?,
            10 => self.init_container_statuses.0.push(value.message()?),
            11 => self.nominated_node_name = value.text()?,
            12 => self.pod_ips.0.push(value.message()?),
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for PodIp<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        if number == 1 {
            self.ip = value.text()?;
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Condition<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.kind = value.text()?,
            2 => self.status = value.text()?,
            5 => self.reason = value.text()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for ContainerStatus<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.name = value.text()?,
            2 => self.state = value.message()?,
            3 => self.last_state = value.message()?,
            4 => self.ready = value.bool()?,
            5 => self.restart_count = value.int()?,
            9 => self.started = Some(value.bool()?),
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for State<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.waiting = Some(value.message()?),
            2 => self.running = Some(Running {}),
            3 => self.terminated = Some(value.message()?),
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Waiting<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        if number == 1 {
            self.reason = value.text()?;
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Terminated<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.exit_code = value.int()?,
            2 => self.signal = value.int()?,
            3 => self.reason = value.text()?,
            6 => self.finished_at = value.moment()?,
            _ => {}
        }
        Ok(())
    }
}
