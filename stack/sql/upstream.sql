-- The operational tables as the airline's systems would have them, filled from the published files of 2013.
-- Every value stays as published, wrong ones too; only clock readings such as 517 become timestamps.
-- All timestamps without time zone are New York wall clock, also those of arrivals.

CREATE TABLE airlines (
    carrier text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE airports (
    faa text PRIMARY KEY,
    name text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    alt integer NOT NULL,
    tz smallint NOT NULL,
    dst text NOT NULL,
    tzone text
);

CREATE TABLE planes (
    tailnum text PRIMARY KEY,
    year smallint,
    type text NOT NULL,
    manufacturer text NOT NULL,
    model text NOT NULL,
    engines smallint NOT NULL,
    seats smallint NOT NULL,
    speed smallint,
    engine text NOT NULL
);

CREATE TABLE weather (
    origin text NOT NULL,
    time_hour timestamptz NOT NULL,
    observed timestamp NOT NULL,
    day date GENERATED ALWAYS AS (observed::date) STORED,
    repeats boolean GENERATED ALWAYS AS (time_hour <> observed AT TIME ZONE 'America/New_York') STORED,
    temp double precision,
    dewp double precision,
    humid double precision,
    wind_dir smallint,
    wind_speed double precision,
    wind_gust double precision,
    precip double precision,
    pressure double precision,
    visib double precision
);

CREATE TABLE flights (
    day date GENERATED ALWAYS AS (sched_dep::date) STORED,
    carrier text NOT NULL,
    flight integer NOT NULL,
    origin text NOT NULL,
    dest text NOT NULL,
    tailnum text,
    distance integer NOT NULL,
    sched_dep timestamp NOT NULL,
    sched_arr timestamp NOT NULL,
    sched_elapsed smallint NOT NULL,
    dep_time timestamp,
    dep_delay smallint,
    arr_time timestamp,
    arr_delay smallint,
    elapsed smallint,
    air_time smallint
);

COMMENT ON COLUMN flights.distance IS 'miles';
COMMENT ON COLUMN flights.sched_elapsed IS 'scheduled minutes from gate to gate';
COMMENT ON COLUMN flights.elapsed IS 'actual minutes from gate to gate; null while not landed, or cancelled';
COMMENT ON COLUMN flights.arr_delay IS 'minutes; null for cancelled and diverted flights';
COMMENT ON COLUMN weather.observed IS 'the hour on the New York wall clock';
COMMENT ON COLUMN weather.repeats IS 'the wall clock shows this hour again, as when summer time ends';

INSERT INTO airlines SELECT carrier, name FROM raw_airlines;
INSERT INTO airports SELECT faa, name, lat, lon, alt, tz, dst, tzone FROM raw_airports;
INSERT INTO planes SELECT tailnum, year, type, manufacturer, model, engines, seats, speed, engine FROM raw_planes;

INSERT INTO weather
    (origin, time_hour, observed, temp, dewp, humid, wind_dir, wind_speed, wind_gust, precip, pressure, visib)
SELECT
    origin, time_hour, time_hour AT TIME ZONE 'America/New_York',
    temp, dewp, humid, wind_dir, wind_speed, wind_gust, precip, pressure, visib
FROM raw_weather;

-- Arrivals are published on the destination's wall clock. Four destinations in the Caribbean have no row in airports.
-- Their rows are the only flights whose zone is supplied here.
CREATE TEMP TABLE zone_offsets ON COMMIT DROP AS
SELECT
    days.day::date AS day,
    zones.dest,
    extract(epoch FROM (days.day + time '12:00') AT TIME ZONE zones.tzone
        - (days.day + time '12:00') AT TIME ZONE 'America/New_York')::integer / 60 AS minutes
FROM generate_series(timestamp '2013-01-01', timestamp '2013-12-31', interval '1 day') AS days (day)
CROSS JOIN (
    SELECT dests.dest, coalesce(airports.tzone, 'America/Puerto_Rico') AS tzone
    FROM (SELECT DISTINCT dest FROM raw_flights) AS dests
    LEFT JOIN airports ON airports.faa = dests.dest
) AS zones;
ANALYZE zone_offsets;

-- A flight never takes a whole day, so the minutes between two wall clocks name the arrival's date too.
INSERT INTO flights
    (carrier, flight, origin, dest, tailnum, distance, sched_dep, sched_arr, sched_elapsed,
     dep_time, dep_delay, arr_time, arr_delay, elapsed, air_time)
SELECT
    carrier, flight, origin, dest, tailnum, distance,
    sched_dep, (left_at + sched_elapsed * interval '1 minute') AT TIME ZONE 'America/New_York', sched_elapsed,
    (left_at + dep_delay * interval '1 minute') AT TIME ZONE 'America/New_York', dep_delay,
    (left_at + (dep_delay + elapsed) * interval '1 minute') AT TIME ZONE 'America/New_York', arr_delay,
    elapsed, air_time
FROM (
    SELECT
        raw.*,
        make_timestamp(raw.year, raw.month, raw.day, raw.hour, raw.minute, 0) AS sched_dep,
        make_timestamp(raw.year, raw.month, raw.day, raw.hour, raw.minute, 0) AT TIME ZONE 'America/New_York'
            AS left_at,
        ((sched_arr_time / 100 - sched_dep_time / 100) * 60 + sched_arr_time % 100 - sched_dep_time % 100
            + zone_offsets.minutes + 2880) % 1440 AS sched_elapsed,
        ((arr_time / 100 - dep_time / 100) * 60 + arr_time % 100 - dep_time % 100
            + zone_offsets.minutes + 2880) % 1440 AS elapsed
    FROM raw_flights AS raw
    JOIN zone_offsets
        ON zone_offsets.dest = raw.dest AND zone_offsets.day = make_date(raw.year, raw.month, raw.day)
) AS timed
ORDER BY sched_dep;

ALTER TABLE weather ADD PRIMARY KEY (origin, time_hour), ADD FOREIGN KEY (origin) REFERENCES airports;
CREATE INDEX weather_day ON weather (day);

-- No foreign keys on dest and tailnum: upstream lacks 4 destinations and 722 aircraft.
ALTER TABLE flights
    ADD PRIMARY KEY (day, carrier, flight, origin),
    ADD FOREIGN KEY (carrier) REFERENCES airlines,
    ADD FOREIGN KEY (origin) REFERENCES airports;
CREATE INDEX flights_sched_dep ON flights (sched_dep);
CREATE INDEX flights_tailnum ON flights (tailnum);

ANALYZE airlines, airports, planes, weather, flights;
