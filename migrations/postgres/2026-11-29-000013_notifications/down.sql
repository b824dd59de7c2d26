DROP TABLE leases;
DROP TABLE rounds;
DROP TABLE mail_settings;
DROP TABLE mail_choices;
DROP TABLE notifications;
