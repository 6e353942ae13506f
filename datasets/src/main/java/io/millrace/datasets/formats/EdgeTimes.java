package io.millrace.datasets.formats;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.text.FieldParser;
import io.millrace.datasets.text.MalformedFieldException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads the times of edges, as 64-bit integers. An integer is kept as it is. A number with a
 * fraction is seconds. A date, with or without a time of day, is counted from 1970 on, in UTC
 * unless it names an offset (ISO 8601: {@code 2020-01-31}, {@code 2020-01-31 12:00:00.5}, {@code
 * 2020-01-31T12:00+01:00}). Both are converted to the unit; what is left of a unit is dropped.
 *
 * <p>Without a unit they become seconds and must be whole. May be used by many threads at once.
 */
@Internal
public final class EdgeTimes {
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendPattern("[XXX][XX][X]")
          .toFormatter(Locale.ROOT);

  /** Decimals of more digits before the point are not times. */
  private static final int MAX_DIGITS = 40;

  private final Optional<TimeUnit> unit;
  private volatile boolean integers;
  private volatile boolean fractions;
  private volatile boolean dates;

  public EdgeTimes(Optional<TimeUnit> unit) {
    this.unit = unit;
  }

  /** Reads a field. */
  long read(byte[] bytes, int start, int end) {
    if (isInteger(bytes, start, end)) {
      if (!integers) {
        integers = true;
      }
      return FieldParser.integer(bytes, start, end);
    }
    String text = new String(bytes, start, end - start, StandardCharsets.UTF_8).strip();
    BigDecimal seconds = isDate(text) ? date(text, bytes, start, end) : number(bytes, start, end);
    BigDecimal nanosPerUnit = BigDecimal.valueOf(unit.orElse(TimeUnit.SECONDS).toNanos(1));
    BigDecimal exact = seconds.movePointRight(9).divide(nanosPerUnit, 12, RoundingMode.FLOOR);
    BigDecimal whole = exact.setScale(0, RoundingMode.FLOOR);
    if (unit.isEmpty() && whole.compareTo(exact) != 0) {
      throw MalformedFieldException.of(
          "time is not an integer; --time-unit takes fractions of seconds", bytes, start, end);
    }
    try {
      return whole.longValueExact();
    } catch (ArithmeticException _) {
      throw MalformedFieldException.of("time does not fit 64 bits", bytes, start, end);
    }
  }

  private static boolean isInteger(byte[] bytes, int start, int end) {
    for (int at = start; at < end; at++) {
      if ((bytes[at] < '0' || bytes[at] > '9') && (bytes[at] != '-' || at > start)) {
        return false;
      }
    }
    return end > start;
  }

  private static boolean isDate(String text) {
    return text.matches("-?\\d{4,9}-\\d\\d.*");
  }

  private BigDecimal date(String text, byte[] bytes, int start, int end) {
    if (!dates) {
      dates = true;
    }
    try {
      TemporalAccessor time =
          ISO.parseBest(
              text.replaceFirst("^(\\S+) ", "$1T"),
              OffsetDateTime::from,
              LocalDateTime::from,
              LocalDate::from);
      Instant instant =
          switch (time) {
            case OffsetDateTime t -> t.toInstant();
            case LocalDateTime t -> t.toInstant(ZoneOffset.UTC);
            default -> ((LocalDate) time).atStartOfDay().toInstant(ZoneOffset.UTC);
          };
      return BigDecimal.valueOf(instant.getEpochSecond())
          .add(BigDecimal.valueOf(instant.getNano(), 9));
    } catch (DateTimeException _) {
      throw MalformedFieldException.of("not a date of ISO 8601", bytes, start, end);
    }
  }

  private BigDecimal number(byte[] bytes, int start, int end) {
    if (!fractions) {
      fractions = true;
    }
    try {
      String text = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
      BigDecimal number = new BigDecimal(text.strip());
      if (Math.abs((long) number.precision() - number.scale()) <= MAX_DIGITS) {
        return number;
      }
    } catch (NumberFormatException _) {
      throw MalformedFieldException.of("time is not a number or an ISO date", bytes, start, end);
    }
    throw MalformedFieldException.of("time does not fit 64 bits", bytes, start, end);
  }

  /**
   * Called after the last edge.
   *
   * @throws BadInputException if times are not all of one kind, so that they have different units
   */
  void requireOneKind(Object file) {
    boolean seconds = unit.orElse(TimeUnit.SECONDS) == TimeUnit.SECONDS;
    if (dates && (integers || fractions) || integers && fractions && !seconds) {
      throw BadInputException.of(
          "times are of several kinds",
          "file",
          file,
          "integers",
          integers,
          "numbers with a fraction",
          fractions,
          "dates",
          dates);
    }
  }
}
