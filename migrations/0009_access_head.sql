-- The head of the topic `access` as it is at this moment, and not as it was when the statement around began: a volatile
-- function reads with a snapshot of its own. An event that waited for its topic knows of the rights that were lost
-- meanwhile.
CREATE FUNCTION "access_head"() RETURNS bigint
  LANGUAGE plpgsql VOLATILE
  AS $$ BEGIN RETURN coalesce((SELECT "head" FROM "topics" WHERE "name" = 'access'), 0); END $$;
