DROP INDEX comments_author;
