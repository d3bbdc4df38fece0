-- The year 2013 shifted by whole weeks, so that last night always had flights; weekdays stay, and it comes again
-- every 52 weeks. In 2013 itself nothing is shifted: the real dates are the replay of the past.
--
-- live.flights_at(moment) and live.weather_at(moment) show what was known at that moment; the views ask for now().
-- The functions are inlined: a filter on "day" reaches the indexes through the calendar.

CREATE SCHEMA live;

CREATE TABLE live.calendar (
    live_day date PRIMARY KEY,
    real_day date NOT NULL
);

INSERT INTO live.calendar
SELECT
    days.day::date,
    CASE
        WHEN days.day < date '2014-01-01' THEN days.day::date
        ELSE date '2013-01-01' + (days.day::date - date '2013-01-01') % 364
    END
FROM generate_series(timestamp '2013-01-01', timestamp '2060-12-31', interval '1 day') AS days (day);
ANALYZE live.calendar;

-- A flight is there once its scheduled departure has passed, dep_* once it has left, arr_* once it has landed.
-- Left and landed are instants: the scheduled departure in New York plus minutes, so neither midnight nor the
-- change to summer time matters.
CREATE FUNCTION live.flights_at(moment timestamptz)
RETURNS TABLE (
    day date, real_day date, carrier text, flight integer, origin text, dest text, tailnum text, distance integer,
    sched_dep timestamp, sched_arr timestamp, sched_elapsed smallint,
    dep_time timestamp, dep_delay smallint,
    arr_time timestamp, arr_delay smallint, elapsed smallint, air_time smallint
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        calendar.live_day, calendar.real_day, flights.carrier, flights.flight, flights.origin, flights.dest,
        flights.tailnum, flights.distance,
        planned.sched_dep,
        (planned.leaves + flights.sched_elapsed * interval '1 minute') AT TIME ZONE 'America/New_York',
        flights.sched_elapsed,
        CASE WHEN moved.departed <= moment THEN moved.departed AT TIME ZONE 'America/New_York' END,
        CASE WHEN moved.departed <= moment THEN flights.dep_delay END,
        CASE WHEN moved.landed <= moment THEN moved.landed AT TIME ZONE 'America/New_York' END,
        CASE WHEN moved.landed <= moment THEN flights.arr_delay END,
        CASE WHEN moved.landed <= moment THEN flights.elapsed END,
        CASE WHEN moved.landed <= moment THEN flights.air_time END
    FROM live.calendar
    JOIN public.flights ON flights.day = calendar.real_day
    CROSS JOIN LATERAL (
        SELECT
            calendar.live_day + flights.sched_dep::time AS sched_dep,
            (calendar.live_day + flights.sched_dep::time) AT TIME ZONE 'America/New_York' AS leaves
    ) AS planned
    CROSS JOIN LATERAL (
        SELECT
            planned.leaves + flights.dep_delay * interval '1 minute' AS departed,
            planned.leaves + (flights.dep_delay + flights.elapsed) * interval '1 minute' AS landed
    ) AS moved
    WHERE planned.leaves <= moment
        AND calendar.live_day <= (moment AT TIME ZONE 'America/New_York')::date;
END;

-- What is planned: the flights of a day that have not left yet at that moment, as far as tomorrow. Nothing of what
-- came of them; cancelled ones are among them, since nobody knows that yet.
CREATE FUNCTION live.schedule_at(moment timestamptz)
RETURNS TABLE (
    day date, real_day date, carrier text, flight integer, origin text, dest text, tailnum text, distance integer,
    sched_dep timestamp, sched_arr timestamp, sched_elapsed smallint
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        calendar.live_day, calendar.real_day, flights.carrier, flights.flight, flights.origin, flights.dest,
        flights.tailnum, flights.distance,
        planned.sched_dep,
        (planned.leaves + flights.sched_elapsed * interval '1 minute') AT TIME ZONE 'America/New_York',
        flights.sched_elapsed
    FROM live.calendar
    JOIN public.flights ON flights.day = calendar.real_day
    CROSS JOIN LATERAL (
        SELECT
            calendar.live_day + flights.sched_dep::time AS sched_dep,
            (calendar.live_day + flights.sched_dep::time) AT TIME ZONE 'America/New_York' AS leaves
    ) AS planned
    WHERE planned.leaves > moment
        AND calendar.live_day >= (moment AT TIME ZONE 'America/New_York')::date
        AND calendar.live_day <= (moment AT TIME ZONE 'America/New_York')::date + 1;
END;

-- An hour that the clock repeats is there once, as the later one: (origin, observed) is unique on every day.
CREATE FUNCTION live.weather_at(moment timestamptz)
RETURNS TABLE (
    day date, real_day date, origin text, observed timestamp, temp double precision, dewp double precision,
    humid double precision, wind_dir smallint, wind_speed double precision, wind_gust double precision,
    precip double precision, pressure double precision, visib double precision
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        calendar.live_day, calendar.real_day, weather.origin, calendar.live_day + weather.observed::time,
        weather.temp, weather.dewp, weather.humid, weather.wind_dir, weather.wind_speed, weather.wind_gust,
        weather.precip, weather.pressure, weather.visib
    FROM live.calendar
    JOIN public.weather ON weather.day = calendar.real_day
    WHERE NOT weather.repeats
        AND (calendar.live_day + weather.observed::time) AT TIME ZONE 'America/New_York' <= moment
        AND calendar.live_day <= (moment AT TIME ZONE 'America/New_York')::date;
END;

CREATE VIEW live.flights AS SELECT * FROM live.flights_at(now());
CREATE VIEW live.weather AS SELECT * FROM live.weather_at(now());
