//! Times of day as Horizon and getEvents write them (RFC 3339, UTC).

const SECONDS_A_DAY: u64 = 86_400;

/// @example iso(951_782_400) == "2000-02-29T00:00:00Z"
pub fn iso(seconds: u64) -> String {
    let (year, month, day) = date_of((seconds / SECONDS_A_DAY) as i64);
    let rest = seconds % SECONDS_A_DAY;
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Days since 1970 as a date: years are counted from March, so that a leap day is the last of its year.
fn date_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
