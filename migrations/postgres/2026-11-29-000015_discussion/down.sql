DROP TABLE private_notes;
DROP TABLE discussion_choices;
DROP TABLE comment_mentions;
DROP TABLE comment_versions;
DROP TABLE comments;
