mod effect;
mod takeover;
