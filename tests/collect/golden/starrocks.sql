-- hours of slices
SELECT CAST(DATE_TRUNC('HOUR', `f`.`at`) AS DATETIME) AS `bucket`, COALESCE(CAST(`f`.`carrier` AS STRING), '(none)') AS `d0`, COALESCE(CAST(`j_store`.`region` AS STRING), '(none)') AS `d1`, COALESCE(CAST(CASE WHEN `f`.`qty` > 10 THEN 'bulk' WHEN `f`.`qty` > 2 THEN 'middle' END AS STRING), '(none)') AS `d2`, COUNT(*) AS `m0`, COUNT(CASE WHEN `f`.`status` = 'paid' THEN 1 END) AS `m1`, COALESCE(SUM(CASE WHEN `f`.`status` = 'paid' THEN `f`.`amount` END), 0) AS `m2`, COUNT(CASE WHEN `j_store`.`region` = 'EU' AND NOT CASE WHEN `f`.`qty` > 10 THEN 'bulk' WHEN `f`.`qty` > 2 THEN 'middle' END = 'bulk' THEN 1 END) AS `m3` FROM `sales`.`orders` AS `f` LEFT JOIN `stores` AS `j_store` ON `f`.`store_id` = `j_store`.`id` WHERE `f`.`at` >= CAST('2026-03-07 00:00:00' AS DATETIME) AND `f`.`at` < CAST('2026-03-07 18:00:00' AS DATETIME) GROUP BY 1, 2, 3, 4 LIMIT 1001;

-- literals
SELECT CAST(DATE_TRUNC('HOUR', `at`) AS DATETIME) AS `bucket`, COUNT(*) AS `m0` FROM `sales`.`orders` WHERE `at` >= CAST('2026-03-07 00:00:00' AS DATETIME) AND `at` < CAST('2026-03-07 18:00:00' AS DATETIME) AND (`carrier` = 'back\\slash' OR `carrier` IN ('it''s', '顺丰') OR `day` >= CAST('2026-03-08' AS DATE) OR `city` LIKE 'a%') GROUP BY 1 LIMIT 1001;

-- half hours of naive times
SELECT CAST(DATE_TRUNC('HOUR', `shanghai` - INTERVAL '30' MINUTE) AS DATETIME) AS `bucket`, COUNT(*) AS `m0` FROM `orders` WHERE `shanghai` >= CAST('2026-03-07 08:30:00' AS DATETIME) AND `shanghai` < CAST('2026-03-08 02:30:00' AS DATETIME) GROUP BY 1 LIMIT 1001;

-- buckets that overlap
SELECT `c`.`i` AS `bucket`, COALESCE(CAST(`f`.`carrier` AS STRING), '(none)') AS `d0`, COUNT(*) AS `m0`, COUNT(DISTINCT `f`.`customer_id`) AS `m1`, MIN(`f`.`amount`) AS `m2`, AVG(CAST(`f`.`amount` AS DOUBLE)) AS `m3`, PERCENTILE_CONT(CAST(`f`.`qty` AS DOUBLE), 0.5) AS `m4`, PERCENTILE_CONT(CAST(CASE WHEN `f`.`status` = 'paid' THEN `f`.`amount` END AS DOUBLE), 0.25) AS `m5` FROM `sales`.`orders` AS `f` INNER JOIN (SELECT 0 AS `i`, CAST('2026-03-07 00:00:00' AS DATETIME) AS `s`, CAST('2026-03-07 12:00:00' AS DATETIME) AS `e` UNION ALL SELECT 1 AS `i`, CAST('2026-03-07 00:00:00' AS DATETIME) AS `s`, CAST('2026-03-07 18:00:00' AS DATETIME) AS `e`) AS `c` ON `f`.`at` >= `c`.`s` AND `f`.`at` < `c`.`e` WHERE `f`.`at` >= CAST('2026-03-07 00:00:00' AS DATETIME) AND `f`.`at` < CAST('2026-03-07 18:00:00' AS DATETIME) GROUP BY 1, 2 LIMIT 1001;

-- a dataset that is a SELECT
SELECT CAST(DATE_TRUNC('HOUR', `at`) AS DATETIME) AS `bucket`, COUNT(*) AS `m0` FROM (SELECT * FROM orders WHERE order_id >= 0) AS `f` WHERE `at` >= CAST('2026-03-07 00:00:00' AS DATETIME) AND `at` < CAST('2026-03-07 18:00:00' AS DATETIME) GROUP BY 1 LIMIT 1001;

-- digest
SELECT CAST(DATE_TRUNC('HOUR', `f`.`at`) AS DATETIME) AS `bucket`, COUNT(*) AS `n`, SUM(CAST(XX_HASH3_64(CONCAT(COALESCE(CAST(`f`.`at` AS STRING), ''), '', COALESCE(CAST(`f`.`amount` AS STRING), ''), '', COALESCE(CAST(`f`.`carrier` AS STRING), ''), '', COALESCE(CAST(`f`.`city` AS STRING), ''), '', COALESCE(CAST(`f`.`day` AS STRING), ''), '', COALESCE(CAST(`f`.`qty` AS STRING), ''), '', COALESCE(CAST(`f`.`status` AS STRING), ''), '', COALESCE(CAST(`f`.`store_id` AS STRING), ''), '', COALESCE(CAST(`j_partner`.`owner` AS STRING), ''), '', COALESCE(CAST(`j_store`.`name` AS STRING), ''), '', COALESCE(CAST(`j_store`.`region` AS STRING), ''))) AS DECIMAL(38, 0))) AS `h` FROM `sales`.`orders` AS `f` LEFT JOIN `stores` AS `j_store` ON `f`.`store_id` = `j_store`.`id` LEFT JOIN `carriers` AS `j_partner` ON `f`.`code` = `j_partner`.`code` WHERE `f`.`at` >= CAST('2026-03-07 00:00:00' AS DATETIME) AND `f`.`at` < CAST('2026-03-07 18:00:00' AS DATETIME) GROUP BY 1 LIMIT 1001;

-- changed hours
SELECT DISTINCT CAST(DATE_TRUNC('HOUR', `at`) AS DATETIME) AS `bucket` FROM `sales`.`orders` WHERE `updated_at` >= CAST('2026-03-07 00:00:00' AS DATETIME) AND NOT `at` IS NULL LIMIT 100001;

-- newest row
SELECT MAX(`at`) AS `newest` FROM `sales`.`orders` WHERE `at` < CAST('2026-03-07 18:00:01' AS DATETIME);

-- profile
SELECT CAST(DATE_TRUNC('HOUR', `f`.`at`) AS DATETIME) AS `bucket`, COUNT(*) AS `n`, COUNT(DISTINCT COALESCE(CAST(`f`.`order_id` AS STRING), '')) AS `k`, COUNT(CASE WHEN `f`.`carrier` IS NULL THEN 1 END) AS `x0`, COUNT(CASE WHEN `f`.`city` IS NULL THEN 1 END) AS `x1`, COUNT(CASE WHEN `f`.`status` IS NULL THEN 1 END) AS `x2`, COUNT(CASE WHEN `f`.`store_id` IS NULL THEN 1 END) AS `x3`, COUNT(CASE WHEN `f`.`day` IS NULL THEN 1 END) AS `x4`, COUNT(CASE WHEN `j_store`.`region` IS NULL THEN 1 END) AS `x5`, COUNT(CASE WHEN `j_store`.`name` IS NULL THEN 1 END) AS `x6`, COUNT(CASE WHEN `j_partner`.`owner` IS NULL THEN 1 END) AS `x7`, COUNT(CASE WHEN CASE WHEN `f`.`qty` > 10 THEN 'bulk' WHEN `f`.`qty` > 2 THEN 'middle' END IS NULL THEN 1 END) AS `x8`, COUNT(CASE WHEN `f`.`amount` IS NULL THEN 1 END) AS `x9`, COUNT(CASE WHEN `f`.`order_id` IS NULL THEN 1 END) AS `x10` FROM `sales`.`orders` AS `f` LEFT JOIN `stores` AS `j_store` ON `f`.`store_id` = `j_store`.`id` LEFT JOIN `carriers` AS `j_partner` ON `f`.`code` = `j_partner`.`code` WHERE `f`.`at` >= CAST('2026-03-07 00:00:00' AS DATETIME) AND `f`.`at` < CAST('2026-03-07 18:00:00' AS DATETIME) GROUP BY 1 LIMIT 1001;

-- keys of a join that repeat
SELECT CAST(`j_store`.`id` AS STRING) AS `k0`, COUNT(*) AS `n` FROM `stores` AS `j_store` WHERE NOT CAST(`j_store`.`id` AS STRING) IS NULL GROUP BY 1 HAVING COUNT(*) > 1 LIMIT 1;
