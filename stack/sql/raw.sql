-- The published files, row by row, for as long as the loading transaction lasts.

CREATE TEMP TABLE raw_airlines (carrier text, name text) ON COMMIT DROP;

CREATE TEMP TABLE raw_airports (
    faa text, name text, lat double precision, lon double precision, alt integer, tz smallint, dst text, tzone text
) ON COMMIT DROP;

CREATE TEMP TABLE raw_planes (
    tailnum text, year smallint, type text, manufacturer text, model text, engines smallint, seats smallint,
    speed smallint, engine text
) ON COMMIT DROP;

CREATE TEMP TABLE raw_weather (
    origin text, year smallint, month smallint, day smallint, hour smallint, temp double precision,
    dewp double precision, humid double precision, wind_dir smallint, wind_speed double precision,
    wind_gust double precision, precip double precision, pressure double precision, visib double precision,
    time_hour timestamptz
) ON COMMIT DROP;

CREATE TEMP TABLE raw_flights (
    year integer, month integer, day integer, dep_time integer, sched_dep_time integer, dep_delay smallint,
    arr_time integer, sched_arr_time integer, arr_delay smallint, carrier text, flight integer, tailnum text,
    origin text, dest text, air_time smallint, distance integer, hour integer, minute integer, time_hour timestamptz
) ON COMMIT DROP;
