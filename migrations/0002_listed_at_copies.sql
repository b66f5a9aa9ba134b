-- Lists of posts by tag, by author and with coverage page through their own index, so each carries a copy of the
-- post's place in public lists. The database keeps the copies, whoever writes.

-- A new row takes the place of its post. The share lock waits for a publication under way, so no copy is born stale.
create function listed_at_of_post() returns trigger language plpgsql as $$
begin
  select posts.listed_at into new.listed_at from posts where posts.id = new.post_id for share;
  return new;
end $$;
--> statement-breakpoint

create trigger post_authors_listed_at before insert on post_authors
  for each row execute function listed_at_of_post();
--> statement-breakpoint

create trigger post_tags_listed_at before insert on post_tags
  for each row execute function listed_at_of_post();
--> statement-breakpoint

create trigger coverages_listed_at before insert on coverages
  for each row execute function listed_at_of_post();
--> statement-breakpoint

-- A post that moves takes its copies along.
create function posts_move_listed_at() returns trigger language plpgsql as $$
begin
  update post_authors set listed_at = new.listed_at where post_id = new.id;
  update post_tags set listed_at = new.listed_at where post_id = new.id;
  update coverages set listed_at = new.listed_at where post_id = new.id;
  return null;
end $$;
--> statement-breakpoint

create trigger posts_listed_at after update on posts
  for each row when (old.listed_at is distinct from new.listed_at) execute function posts_move_listed_at();
