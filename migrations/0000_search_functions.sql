-- What full-text search needs before the tables exist, because their generated columns call it. All of it is
-- immutable: the same text always gives the same vector, whatever the server's locale or default configuration.

-- The stemmer for a BCP 47 language; languages without one are matched word by word.
create function search_config(language text) returns regconfig
  language sql immutable parallel safe
  return case lower(split_part(language, '-', 1))
    when 'en' then 'pg_catalog.english'::regconfig
    when 'de' then 'pg_catalog.german'::regconfig
    when 'es' then 'pg_catalog.spanish'::regconfig
    when 'fr' then 'pg_catalog.french'::regconfig
    when 'it' then 'pg_catalog.italian'::regconfig
    when 'nl' then 'pg_catalog.dutch'::regconfig
    when 'pt' then 'pg_catalog.portuguese'::regconfig
    when 'ru' then 'pg_catalog.russian'::regconfig
    else 'pg_catalog.simple'::regconfig
  end;
--> statement-breakpoint

-- The runs of a text that are written without spaces between words (Han, Kana, Hangul, Thai) or whose words change
-- within (Arabic), one space between runs. Width and presentation forms are folded, Arabic loses vowel signs and
-- tatweel, and its alef, yeh and teh variants become one, as people type them. Null when there is none. At most 50,000
-- characters, so that the bigrams stay below the 1 MB a tsvector may hold.
create function search_runs(content text) returns text
  language sql immutable parallel safe
  return case when content ~ '[\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff\u0e01-\u0e4e\u3041-\u3096\u30a1-\u30fe\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufb50-\ufdff\ufe70-\ufefc\uff66-\uff9f\U00020000-\U000323af]'
    then nullif(btrim(regexp_replace(
      translate(
        regexp_replace(normalize(left(content, 50000), NFKC), '[\u064b-\u065f\u0670\u0640]', '', 'g'),
        U&'\0622\0623\0625\0671\0649\06cc\0629\06a9', U&'\0627\0627\0627\0627\064a\064a\0647\0643'),
      '[^\u0620-\u064a\u0660-\u0669\u066e-\u06d3\u06d5\u06ee-\u06ff\u0750-\u077f\u08a0-\u08c9\u0e01-\u0e3a\u0e40-\u0e4e\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]+', ' ', 'g')), '')
  end;
--> statement-breakpoint

-- The vector of those runs: each pair of neighbours, and the last character of each run alone.
create function search_grams(content text, weight text) returns tsvector
  language sql immutable parallel safe
  return coalesce((
    select string_agg(distinct letter || case when following <> ' ' then following else '' end || ':1' || weight, ' ')
    from (
      select letter, coalesce(lead(letter) over (order by place), ' ') as following
      from unnest(string_to_array(search_runs(content), null)) with ordinality as letters (letter, place)
    ) as pairs
    where letter <> ' '
  )::tsvector, ''::tsvector);
--> statement-breakpoint

-- The query for those runs: all pairs; a run of one character finds every word that holds it.
create function search_gram_query(content text) returns tsquery
  language sql immutable parallel safe
  return coalesce((
    select string_agg(case when following = ' ' then letter || ':*' else letter || following end, ' & ')
    from (
      select letter,
        coalesce(lead(letter) over (order by place), ' ') as following,
        coalesce(lag(letter) over (order by place), ' ') as preceding
      from unnest(string_to_array(search_runs(content), null)) with ordinality as letters (letter, place)
    ) as pairs
    where letter <> ' ' and (following <> ' ' or preceding = ' ')
  )::tsquery, ''::tsquery);
--> statement-breakpoint

-- The rest of a text: what a highlight of words sees of a query.
create function search_words(content text) returns text
  language sql immutable parallel safe
  return regexp_replace(content, '[\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff\u0e01-\u0e4e\u3005\u3041-\u3096\u30a1-\u30fe\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufb50-\ufdff\ufe70-\ufefc\uff66-\uff9f\U00020000-\U000323af]+', ' ', 'g');
--> statement-breakpoint

-- What a reader typed, in web search syntax, as a query for texts in one language. Runs are words to PostgreSQL's parser,
-- so the parsed query has them as whole lexemes: each is replaced by its pairs, which keeps "or", "-" and brackets where
-- they were. Pairs have no positions, so quotes around a run mean "and". Empty when there is nothing to look for, or only
-- something to leave out.
create function search_query(config regconfig, content text) returns tsquery
  language plpgsql immutable parallel safe
as $$
declare
  parsed tsquery;
begin
  if search_runs(content) is null then
    parsed := websearch_to_tsquery(config, content);
  else
    select coalesce(string_agg(
      case
        when lexeme is null or search_runs(lexeme) is null then replace(regexp_replace(part, '<\d+>', '&'), '<->', '&')
        else '(' || search_gram_query(lexeme)::text || ')'
      end, '' order by place), '')::tsquery
    into parsed
    from (
      select place, piece[1] as part, piece[2] as lexeme
      from regexp_matches(
        websearch_to_tsquery(config,
          -- A run that touches a Latin word is a word of its own.
          regexp_replace(regexp_replace(content, '([a-zA-Z0-9])([\u0620-\u9fff\uac00-\ud7a3])', '\1 \2', 'g'),
            '([\u0620-\u9fff\uac00-\ud7a3])([a-zA-Z0-9])', '\1 \2', 'g'))::text,
        '(''([^'']+)''|[^'']+|'')', 'g') with ordinality as pieces (piece, place)
    ) as parts;
  end if;
  return case when numnode(parsed) = 0 or querytree(parsed) = 'T' then ''::tsquery else parsed end;
end $$;
