-- Vectors stand in the row itself. Out of line, where PostgreSQL puts values of their size, an exact
-- search looks each one up in another table and takes three times as long.
ALTER TABLE "sentences" ALTER COLUMN "embedding" SET STORAGE PLAIN;
--> statement-breakpoint
-- Otherwise the texts beside the vector would be moved out in its place.
ALTER TABLE "sentences" SET (toast_tuple_target = 4080);
