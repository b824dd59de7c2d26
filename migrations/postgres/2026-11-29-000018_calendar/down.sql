DROP INDEX clubs_leader;
DROP TABLE busy_spans;
DROP TABLE busy_calendars;
DROP TABLE absences;
DROP TABLE weekly_hours;
DROP TABLE calendar_feeds;
DROP TABLE calendar_names;
