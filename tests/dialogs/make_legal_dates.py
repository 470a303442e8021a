"""Writes data/legal_dates.csv: the dates of the reports for every start day, by counting days one by one.

It shares nothing with dialogs/leak/legal_clock.py: no datetime, its own lengths of months. Run it by hand:
python3 tests/dialogs/make_legal_dates.py > tests/dialogs/data/legal_dates.csv
"""

LENGTHS = {1: 31, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
FIRST, LAST = (2022, 4, 1), (2027, 12, 31)


def tomorrow(day):
    year, month, number = day
    february = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    if number < (february if month == 2 else LENGTHS[month]):
        return year, month, number + 1
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


def day_of(start, number):
    """The day on which somebody who calls `start` day 1 says `number`."""
    said = 1
    while said < number:
        start = tomorrow(start)
        said += 1
    return start


def main():
    print("known,third,fifth,thirtieth,sixtieth")
    day = FIRST
    while day <= LAST:
        print(",".join("{:04}-{:02}-{:02}".format(*each) for each in (day, *(day_of(day, n) for n in (3, 5, 30, 60)))))
        day = tomorrow(day)


if __name__ == "__main__":
    main()
