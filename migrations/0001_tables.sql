CREATE TYPE "public"."role" AS ENUM('READER', 'AUTHOR', 'MODERATOR', 'EDITOR', 'ADMIN');--> statement-breakpoint
CREATE TYPE "public"."comment_state" AS ENUM('VISIBLE', 'PENDING', 'HIDDEN', 'DELETED');--> statement-breakpoint
CREATE TYPE "public"."coverage_entry_kind" AS ENUM('UTTERANCE', 'NOTE');--> statement-breakpoint
CREATE TYPE "public"."coverage_status" AS ENUM('UPCOMING', 'LIVE', 'ENDED');--> statement-breakpoint
CREATE TYPE "public"."body_format" AS ENUM('MARKDOWN', 'HTML', 'MDX', 'TEXT');--> statement-breakpoint
CREATE TYPE "public"."post_status" AS ENUM('DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED');--> statement-breakpoint
CREATE TYPE "public"."reaction_kind" AS ENUM('LIKE', 'LOVE', 'LAUGH', 'SURPRISE', 'SAD', 'THANKS');--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"external_id" text collate "C",
	"username" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"role" "role" DEFAULT 'READER' NOT NULL,
	"email" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('simple', username), 'A') || setweight(to_tsvector('simple', name), 'A') || search_grams(name, 'A')) STORED,
	CONSTRAINT "users_externalId_unique" UNIQUE("external_id"),
	CONSTRAINT "users_username_unique" UNIQUE("username"),
	CONSTRAINT "users_username_length" CHECK (char_length("users"."username") between 1 and 60),
	CONSTRAINT "users_name_length" CHECK (char_length("users"."name") between 1 and 200)
);
--> statement-breakpoint
CREATE TABLE "comments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"external_id" text collate "C",
	"post_id" uuid NOT NULL,
	"parent_id" uuid,
	"depth" integer NOT NULL,
	"author_id" uuid,
	"state" "comment_state" DEFAULT 'VISIBLE' NOT NULL,
	"language" text collate "C" NOT NULL,
	"body" text NOT NULL,
	"body_format" "body_format" NOT NULL,
	"source_html" text,
	"body_html" text NOT NULL,
	"body_text" text NOT NULL,
	"renderer_version" smallint NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"edited_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"reply_count" integer DEFAULT 0 NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector(search_config(language), left(body_text, 200000)), 'D') || search_grams(body_text, 'D')) STORED,
	CONSTRAINT "comments_externalId_unique" UNIQUE("external_id"),
	CONSTRAINT "comments_in_post" UNIQUE("id","post_id"),
	CONSTRAINT "comments_depth_of_parent" CHECK (("comments"."parent_id" is null) = ("comments"."depth" = 0) and "comments"."depth" >= 0),
	CONSTRAINT "comments_version_positive" CHECK ("comments"."version" >= 1),
	CONSTRAINT "comments_reply_count_positive" CHECK ("comments"."reply_count" >= 0)
);
--> statement-breakpoint
CREATE TABLE "coverage_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"external_id" text collate "C",
	"coverage_id" uuid NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"kind" "coverage_entry_kind" DEFAULT 'UTTERANCE' NOT NULL,
	"speaker" text,
	"language" text collate "C" NOT NULL,
	"body" text NOT NULL,
	"body_format" "body_format" NOT NULL,
	"body_html" text NOT NULL,
	"body_text" text NOT NULL,
	"renderer_version" smallint NOT NULL,
	"is_key" boolean DEFAULT false NOT NULL,
	"is_pinned" boolean DEFAULT false NOT NULL,
	"retracted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('simple', coalesce(speaker, '')), 'B') || setweight(to_tsvector(search_config(language), left(body_text, 200000)), 'D') || search_grams(body_text, 'D')) STORED,
	CONSTRAINT "coverage_entries_externalId_unique" UNIQUE("external_id"),
	CONSTRAINT "coverage_entries_version_positive" CHECK ("coverage_entries"."version" >= 1)
);
--> statement-breakpoint
CREATE TABLE "coverages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"external_id" text collate "C",
	"post_id" uuid NOT NULL,
	"status" "coverage_status" DEFAULT 'UPCOMING' NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"entry_count" integer DEFAULT 0 NOT NULL,
	"listed_at" timestamp (3) with time zone,
	CONSTRAINT "coverages_externalId_unique" UNIQUE("external_id"),
	CONSTRAINT "coverages_postId_unique" UNIQUE("post_id"),
	CONSTRAINT "coverages_entry_count_positive" CHECK ("coverages"."entry_count" >= 0),
	CONSTRAINT "coverages_started_when_live" CHECK ("coverages"."started_at" is not null or "coverages"."status" = 'UPCOMING'),
	CONSTRAINT "coverages_ended_when_ended" CHECK (("coverages"."ended_at" is not null) = ("coverages"."status" = 'ENDED'))
);
--> statement-breakpoint
CREATE TABLE "imported_discussions" (
	"external_id" text collate "C" PRIMARY KEY NOT NULL,
	"post_id" uuid
);
--> statement-breakpoint
CREATE TABLE "post_authors" (
	"post_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"user_id" uuid NOT NULL,
	"listed_at" timestamp (3) with time zone,
	CONSTRAINT "post_authors_post_id_position_pk" PRIMARY KEY("post_id","position"),
	CONSTRAINT "post_authors_once" UNIQUE("post_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "post_tags" (
	"post_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"tag_id" uuid NOT NULL,
	"listed_at" timestamp (3) with time zone,
	CONSTRAINT "post_tags_post_id_position_pk" PRIMARY KEY("post_id","position"),
	CONSTRAINT "post_tags_once" UNIQUE("post_id","tag_id")
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"external_id" text collate "C",
	"slug" text collate "C" NOT NULL,
	"title" text NOT NULL,
	"summary" text,
	"language" text collate "C" NOT NULL,
	"status" "post_status" DEFAULT 'DRAFT' NOT NULL,
	"published_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"translation_group_id" uuid,
	"body" text NOT NULL,
	"body_format" "body_format" NOT NULL,
	"body_html" text NOT NULL,
	"body_text" text NOT NULL,
	"renderer_version" smallint NOT NULL,
	"comment_count" integer DEFAULT 0 NOT NULL,
	"listed_at" timestamp (3) with time zone GENERATED ALWAYS AS (case when status = 'PUBLISHED' then published_at end) STORED,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector(search_config(language), title), 'A') || setweight(to_tsvector(search_config(language), coalesce(summary, '')), 'B') || setweight(to_tsvector(search_config(language), left(body_text, 200000)), 'D') || search_grams(title, 'A') || search_grams(body_text, 'D')) STORED,
	CONSTRAINT "posts_externalId_unique" UNIQUE("external_id"),
	CONSTRAINT "posts_slug_unique" UNIQUE("slug"),
	CONSTRAINT "posts_slug_length" CHECK (char_length("posts"."slug") between 1 and 200),
	CONSTRAINT "posts_version_positive" CHECK ("posts"."version" >= 1),
	CONSTRAINT "posts_comment_count_positive" CHECK ("posts"."comment_count" >= 0),
	CONSTRAINT "posts_published_at_known" CHECK ("posts"."published_at" is not null or "posts"."status" not in ('SCHEDULED', 'PUBLISHED'))
);
--> statement-breakpoint
CREATE TABLE "translation_groups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"external_id" text collate "C",
	CONSTRAINT "translation_groups_externalId_unique" UNIQUE("external_id")
);
--> statement-breakpoint
CREATE TABLE "reaction_counts" (
	"subject_id" uuid GENERATED ALWAYS AS (coalesce(post_id, comment_id, entry_id)) STORED NOT NULL,
	"post_id" uuid,
	"comment_id" uuid,
	"entry_id" uuid,
	"kind" "reaction_kind" NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "reaction_counts_subject_id_kind_pk" PRIMARY KEY("subject_id","kind"),
	CONSTRAINT "reaction_counts_one_subject" CHECK (num_nonnulls(post_id, comment_id, entry_id) = 1),
	CONSTRAINT "reaction_counts_positive" CHECK (count >= 0)
);
--> statement-breakpoint
CREATE TABLE "reactions" (
	"subject_id" uuid GENERATED ALWAYS AS (coalesce(post_id, comment_id, entry_id)) STORED NOT NULL,
	"post_id" uuid,
	"comment_id" uuid,
	"entry_id" uuid,
	"kind" "reaction_kind" NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reactions_subject_id_user_id_kind_pk" PRIMARY KEY("subject_id","user_id","kind"),
	CONSTRAINT "reactions_one_subject" CHECK (num_nonnulls(post_id, comment_id, entry_id) = 1)
);
--> statement-breakpoint
CREATE TABLE "tags" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('simple', name), 'A') || search_grams(name, 'A')) STORED,
	CONSTRAINT "tags_slug_unique" UNIQUE("slug"),
	CONSTRAINT "tags_slug_length" CHECK (char_length("tags"."slug") between 1 and 100),
	CONSTRAINT "tags_name_length" CHECK (char_length("tags"."name") between 1 and 100)
);
--> statement-breakpoint
ALTER TABLE "comments" ADD CONSTRAINT "comments_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comments" ADD CONSTRAINT "comments_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comments" ADD CONSTRAINT "comments_parent_in_same_post" FOREIGN KEY ("parent_id","post_id") REFERENCES "public"."comments"("id","post_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coverage_entries" ADD CONSTRAINT "coverage_entries_coverage_id_coverages_id_fk" FOREIGN KEY ("coverage_id") REFERENCES "public"."coverages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coverages" ADD CONSTRAINT "coverages_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imported_discussions" ADD CONSTRAINT "imported_discussions_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_authors" ADD CONSTRAINT "post_authors_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_authors" ADD CONSTRAINT "post_authors_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_tags" ADD CONSTRAINT "post_tags_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_tags" ADD CONSTRAINT "post_tags_tag_id_tags_id_fk" FOREIGN KEY ("tag_id") REFERENCES "public"."tags"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_translation_group_id_translation_groups_id_fk" FOREIGN KEY ("translation_group_id") REFERENCES "public"."translation_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reaction_counts" ADD CONSTRAINT "reaction_counts_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reaction_counts" ADD CONSTRAINT "reaction_counts_comment_id_comments_id_fk" FOREIGN KEY ("comment_id") REFERENCES "public"."comments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reaction_counts" ADD CONSTRAINT "reaction_counts_entry_id_coverage_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."coverage_entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_comment_id_comments_id_fk" FOREIGN KEY ("comment_id") REFERENCES "public"."comments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_entry_id_coverage_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."coverage_entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "users_search" ON "users" USING gin ("search");--> statement-breakpoint
CREATE INDEX "comments_top_level" ON "comments" USING btree ("post_id","created_at","id") WHERE parent_id is null;--> statement-breakpoint
CREATE INDEX "comments_flat" ON "comments" USING btree ("post_id","created_at","id");--> statement-breakpoint
CREATE INDEX "comments_replies" ON "comments" USING btree ("parent_id","created_at","id");--> statement-breakpoint
CREATE INDEX "comments_author" ON "comments" USING btree ("author_id");--> statement-breakpoint
CREATE INDEX "comments_renderer_version" ON "comments" USING btree ("renderer_version","id");--> statement-breakpoint
CREATE INDEX "comments_search" ON "comments" USING gin ("search");--> statement-breakpoint
CREATE INDEX "coverage_entries_in_order" ON "coverage_entries" USING btree ("coverage_id","occurred_at","id");--> statement-breakpoint
CREATE INDEX "coverage_entries_key" ON "coverage_entries" USING btree ("coverage_id","occurred_at","id") WHERE is_key;--> statement-breakpoint
CREATE INDEX "coverage_entries_renderer_version" ON "coverage_entries" USING btree ("renderer_version","id");--> statement-breakpoint
CREATE INDEX "coverage_entries_search" ON "coverage_entries" USING gin ("search");--> statement-breakpoint
CREATE INDEX "coverages_listed" ON "coverages" USING btree ("listed_at","post_id");--> statement-breakpoint
CREATE INDEX "imported_discussions_post" ON "imported_discussions" USING btree ("post_id");--> statement-breakpoint
CREATE INDEX "post_authors_listed" ON "post_authors" USING btree ("user_id","listed_at","post_id");--> statement-breakpoint
CREATE INDEX "post_tags_listed" ON "post_tags" USING btree ("tag_id","listed_at","post_id");--> statement-breakpoint
CREATE INDEX "posts_listed" ON "posts" USING btree ("listed_at","id") WHERE listed_at is not null;--> statement-breakpoint
CREATE INDEX "posts_listed_by_language" ON "posts" USING btree ("language","listed_at","id") WHERE listed_at is not null;--> statement-breakpoint
CREATE INDEX "posts_scheduled" ON "posts" USING btree ("published_at") WHERE status = 'SCHEDULED';--> statement-breakpoint
CREATE INDEX "posts_translation_group" ON "posts" USING btree ("translation_group_id");--> statement-breakpoint
CREATE INDEX "posts_renderer_version" ON "posts" USING btree ("renderer_version","id");--> statement-breakpoint
CREATE INDEX "posts_search" ON "posts" USING gin ("search");--> statement-breakpoint
CREATE INDEX "reaction_counts_post" ON "reaction_counts" USING btree ("post_id") WHERE post_id is not null;--> statement-breakpoint
CREATE INDEX "reaction_counts_comment" ON "reaction_counts" USING btree ("comment_id") WHERE comment_id is not null;--> statement-breakpoint
CREATE INDEX "reaction_counts_entry" ON "reaction_counts" USING btree ("entry_id") WHERE entry_id is not null;--> statement-breakpoint
CREATE INDEX "reactions_user" ON "reactions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "reactions_post" ON "reactions" USING btree ("post_id") WHERE post_id is not null;--> statement-breakpoint
CREATE INDEX "reactions_comment" ON "reactions" USING btree ("comment_id") WHERE comment_id is not null;--> statement-breakpoint
CREATE INDEX "reactions_entry" ON "reactions" USING btree ("entry_id") WHERE entry_id is not null;--> statement-breakpoint
CREATE INDEX "tags_search" ON "tags" USING gin ("search");