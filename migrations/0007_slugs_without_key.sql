-- post_slugs keeps slugs unique. A unique index on the column would make a change of the slug a change of the key, which waits
-- for everybody who refers to the post: under six commenters an editor could not rename a post at all.
ALTER TABLE "posts" DROP CONSTRAINT "posts_slug_unique";
