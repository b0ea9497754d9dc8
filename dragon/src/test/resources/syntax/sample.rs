use std::collections::HashMap;
pub use crate::net::{Tcp, Udp};
extern crate serde;

const MAX: usize = 3;
static NAME: &str = "x";

/// A pool.
#[derive(Debug)]
pub struct Pool<T> {
    items: Vec<T>,
    pub size: usize,
}

pub struct Unit;

pub enum Shape {
    Circle { r: f64 },
    Square(f64),
}

pub trait Draw {
    type Out;
    fn draw(&self) -> Self::Out;
    fn twice(&self) {}
}

impl<T: Clone> Draw for Pool<T> {
    type Out = ();
    fn draw(&self) {}
}

impl std::fmt::Display for Unit {
    fn fmt(&self) {}
}

type Res = Result<(), String>;

macro_rules! square {
    ($x:expr) => { $x * $x };
}

mod tests {
    #[test]
    fn works() {}
}

fn main() {
    fn nested() {}
}
