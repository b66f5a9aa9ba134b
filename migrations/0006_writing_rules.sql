-- A slug belongs to the first post that had it, for as long as that post is there: an old address must never lead to
-- somebody else's article. Whoever writes a post, its slug is written down here.
create function posts_keep_slug() returns trigger language plpgsql as $$
begin
  insert into post_slugs (slug, post_id) values (new.slug, new.id)
    on conflict (slug) do update set post_id = excluded.post_id where post_slugs.post_id = excluded.post_id;
  if not found then
    raise unique_violation using constraint = 'post_slugs_pkey', table = 'post_slugs',
      message = format('slug %L belongs to another post', new.slug);
  end if;
  return null;
end $$;
--> statement-breakpoint

create trigger posts_slug_added after insert on posts for each row execute function posts_keep_slug();
--> statement-breakpoint

create trigger posts_slug_moved after update of slug on posts
  for each row when (old.slug is distinct from new.slug) execute function posts_keep_slug();
--> statement-breakpoint

insert into post_slugs (slug, post_id) select slug, id from posts;
--> statement-breakpoint

-- What readers have known once is no private draft any more, also when it becomes a draft again. An update is remembered
-- after it: one trigger BEFORE UPDATE would have PostgreSQL compute the generated columns of posts, the full-text one
-- included, with every comment that is counted.
create function posts_begin_published() returns trigger language plpgsql as $$
begin
  new.first_published_at := now();
  return new;
end $$;
--> statement-breakpoint

create trigger posts_added_published before insert on posts
  for each row when (new.status = 'PUBLISHED' and new.first_published_at is null)
  execute function posts_begin_published();
--> statement-breakpoint

create function posts_become_published() returns trigger language plpgsql as $$
begin
  update posts set first_published_at = now() where id = new.id;
  return null;
end $$;
--> statement-breakpoint

create trigger posts_published_first after update of status on posts
  for each row when (new.status = 'PUBLISHED' and new.first_published_at is null)
  execute function posts_become_published();
--> statement-breakpoint

update posts set first_published_at = least(published_at, now()) where status in ('PUBLISHED', 'ARCHIVED') and published_at is not null;
--> statement-breakpoint

-- What was written into the audit log stays.
create function audit_log_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_log is append-only' using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint

create trigger audit_log_no_change before update or delete on audit_log
  for each row execute function audit_log_append_only();
--> statement-breakpoint

create trigger audit_log_no_truncate before truncate on audit_log
  for each statement execute function audit_log_append_only();
--> statement-breakpoint

-- The row of a topic changes with every event: with room on its page the new version stays beside the old one (HOT).
alter table topics set (fillfactor = 50);
--> statement-breakpoint
alter table reaction_counts set (fillfactor = 70);
--> statement-breakpoint
alter table idempotency_keys set (fillfactor = 80);
