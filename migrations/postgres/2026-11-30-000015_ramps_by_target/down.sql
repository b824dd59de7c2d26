DROP INDEX ramps_target;
