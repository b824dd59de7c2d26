DROP INDEX assessments_mentor;
