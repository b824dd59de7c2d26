//! Home: the deed on top and its button, the lists below, the tables of a lead, the first steps.

mod first_steps;
mod hero;
mod lists;
