-- hours of slices
SELECT toStartOfHour(toDateTime("f"."at", 'UTC')) AS "bucket", COALESCE(CAST("f"."carrier" AS Nullable(String)), '(none)') AS "d0", COALESCE(CAST("j_store"."region" AS Nullable(String)), '(none)') AS "d1", COALESCE(CAST(CASE WHEN "f"."qty" > 10 THEN 'bulk' WHEN "f"."qty" > 2 THEN 'middle' END AS Nullable(String)), '(none)') AS "d2", COUNT(*) AS "m0", COUNT(CASE WHEN "f"."status" = 'paid' THEN 1 END) AS "m1", COALESCE(SUM(CASE WHEN "f"."status" = 'paid' THEN "f"."amount" END), 0) AS "m2", COUNT(CASE WHEN "j_store"."region" = 'EU' AND NOT CASE WHEN "f"."qty" > 10 THEN 'bulk' WHEN "f"."qty" > 2 THEN 'middle' END = 'bulk' THEN 1 END) AS "m3" FROM "sales"."orders" AS "f" LEFT JOIN "stores" AS "j_store" ON "f"."store_id" = "j_store"."id" WHERE "f"."at" >= toDateTime('2026-03-07 00:00:00', 'UTC') AND "f"."at" < toDateTime('2026-03-07 18:00:00', 'UTC') GROUP BY 1, 2, 3, 4 LIMIT 1001;

-- literals
SELECT toStartOfHour(toDateTime("at", 'UTC')) AS "bucket", COUNT(*) AS "m0" FROM "sales"."orders" WHERE "at" >= toDateTime('2026-03-07 00:00:00', 'UTC') AND "at" < toDateTime('2026-03-07 18:00:00', 'UTC') AND ("carrier" = 'back\\slash' OR "carrier" IN ('it''s', '顺丰') OR "day" >= CAST('2026-03-08' AS Nullable(DATE)) OR "city" LIKE 'a%') GROUP BY 1 LIMIT 1001;

-- half hours of naive times
SELECT toStartOfHour(toDateTime("shanghai", 'UTC') - INTERVAL '30' MINUTE) AS "bucket", COUNT(*) AS "m0" FROM "orders" WHERE "shanghai" >= toDateTime('2026-03-07 08:30:00', 'UTC') AND "shanghai" < toDateTime('2026-03-08 02:30:00', 'UTC') GROUP BY 1 LIMIT 1001;

-- buckets that overlap
SELECT "c"."i" AS "bucket", COALESCE(CAST("f"."carrier" AS Nullable(String)), '(none)') AS "d0", COUNT(*) AS "m0", COUNT(DISTINCT "f"."customer_id") AS "m1", MIN("f"."amount") AS "m2", AVG(CAST("f"."amount" AS Nullable(Float64))) AS "m3", quantileExactInclusive(0.5)(CAST("f"."qty" AS Nullable(Float64))) AS "m4", quantileExactInclusive(0.25)(CAST(CASE WHEN "f"."status" = 'paid' THEN "f"."amount" END AS Nullable(Float64))) AS "m5" FROM "sales"."orders" AS "f" INNER JOIN (SELECT 0 AS "i", toDateTime('2026-03-07 00:00:00', 'UTC') AS "s", toDateTime('2026-03-07 12:00:00', 'UTC') AS "e" UNION ALL SELECT 1 AS "i", toDateTime('2026-03-07 00:00:00', 'UTC') AS "s", toDateTime('2026-03-07 18:00:00', 'UTC') AS "e") AS "c" ON "f"."at" >= "c"."s" AND "f"."at" < "c"."e" WHERE "f"."at" >= toDateTime('2026-03-07 00:00:00', 'UTC') AND "f"."at" < toDateTime('2026-03-07 18:00:00', 'UTC') GROUP BY 1, 2 LIMIT 1001;

-- a dataset that is a SELECT
SELECT toStartOfHour(toDateTime("at", 'UTC')) AS "bucket", COUNT(*) AS "m0" FROM (SELECT * FROM orders WHERE order_id >= 0) AS "f" WHERE "at" >= toDateTime('2026-03-07 00:00:00', 'UTC') AND "at" < toDateTime('2026-03-07 18:00:00', 'UTC') GROUP BY 1 LIMIT 1001;

-- digest
SELECT toStartOfHour(toDateTime("f"."at", 'UTC')) AS "bucket", COUNT(*) AS "n", SUM(cityHash64(CONCAT(COALESCE(CAST("f"."at" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("f"."amount" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("f"."carrier" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("f"."city" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("f"."day" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("f"."qty" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("f"."status" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("f"."store_id" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("j_partner"."owner" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("j_store"."name" AS Nullable(String)), '\x1e'), '\x1f', COALESCE(CAST("j_store"."region" AS Nullable(String)), '\x1e')))) AS "h" FROM "sales"."orders" AS "f" LEFT JOIN "stores" AS "j_store" ON "f"."store_id" = "j_store"."id" LEFT JOIN "carriers" AS "j_partner" ON "f"."code" = "j_partner"."code" WHERE "f"."at" >= toDateTime('2026-03-07 00:00:00', 'UTC') AND "f"."at" < toDateTime('2026-03-07 18:00:00', 'UTC') GROUP BY 1 LIMIT 1001;

-- changed hours
SELECT DISTINCT toStartOfHour(toDateTime("at", 'UTC')) AS "bucket" FROM "sales"."orders" WHERE "updated_at" >= toDateTime('2026-03-07 00:00:00', 'UTC') AND NOT ("at" IS NULL) LIMIT 100001;

-- newest row
SELECT toDateTime(MAX("at"), 'UTC') AS "newest" FROM "sales"."orders" WHERE "at" < toDateTime('2026-03-07 18:00:01', 'UTC');

-- profile
SELECT toStartOfHour(toDateTime("f"."at", 'UTC')) AS "bucket", COUNT(*) AS "n", COUNT(DISTINCT COALESCE(CAST("f"."order_id" AS Nullable(String)), '\x1e')) AS "k", COUNT(CASE WHEN "f"."carrier" IS NULL THEN 1 END) AS "x0", COUNT(CASE WHEN "f"."city" IS NULL THEN 1 END) AS "x1", COUNT(CASE WHEN "f"."status" IS NULL THEN 1 END) AS "x2", COUNT(CASE WHEN "f"."store_id" IS NULL THEN 1 END) AS "x3", COUNT(CASE WHEN "f"."day" IS NULL THEN 1 END) AS "x4", COUNT(CASE WHEN "j_store"."region" IS NULL THEN 1 END) AS "x5", COUNT(CASE WHEN "j_store"."name" IS NULL THEN 1 END) AS "x6", COUNT(CASE WHEN "j_partner"."owner" IS NULL THEN 1 END) AS "x7", COUNT(CASE WHEN CASE WHEN "f"."qty" > 10 THEN 'bulk' WHEN "f"."qty" > 2 THEN 'middle' END IS NULL THEN 1 END) AS "x8", COUNT(CASE WHEN "f"."amount" IS NULL THEN 1 END) AS "x9", COUNT(CASE WHEN "f"."order_id" IS NULL THEN 1 END) AS "x10" FROM "sales"."orders" AS "f" LEFT JOIN "stores" AS "j_store" ON "f"."store_id" = "j_store"."id" LEFT JOIN "carriers" AS "j_partner" ON "f"."code" = "j_partner"."code" WHERE "f"."at" >= toDateTime('2026-03-07 00:00:00', 'UTC') AND "f"."at" < toDateTime('2026-03-07 18:00:00', 'UTC') GROUP BY 1 LIMIT 1001;

-- keys of a join that repeat
SELECT CAST("j_store"."id" AS Nullable(String)) AS "k0", COUNT(*) AS "n" FROM "stores" AS "j_store" WHERE NOT (CAST("j_store"."id" AS Nullable(String)) IS NULL) GROUP BY 1 HAVING COUNT(*) > 1 LIMIT 1;
