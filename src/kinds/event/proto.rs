//! The slim event out of protobuf. Field numbers from `k8s.io/api/core/v1/generated.proto`.

use super::{DecodeError, Event, Involved, Origin, Series};
use crate::kinds::pb::{Message, Value};

impl<'a> Message<'a> for Event<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.metadata = value.message()?,
            2 => self.involved_object = value.message()?,
            3 => self.reason = value.text()?,
            4 => self.message = value.text()?,
            5 => self.source = value.message()?,
            6 => self.first_timestamp = value.moment()?,
            7 => self.last_timestamp = value.moment()?,
            8 => self.count = value.int()?,
            9 => self.kind = value.text()?,
            10 => self.at = value.micro_moment()?,
            11 => self.series = Some(value.message()?),
            14 => self.reporting_component = value.text()?,
            15 => self.reporting_instance = value.text()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Involved<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.kind = value.text()?,
            3 => self.name = value.text()?,
            7 => self.field_path = value.text()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Origin<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.component = value.text()?,
            2 => self.host = value.text()?,
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Series {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.count = value.int()?,
            2 => self.last_observed_time = value.micro_moment()?,
            _ => {}
        }
        Ok(())
    }
}
