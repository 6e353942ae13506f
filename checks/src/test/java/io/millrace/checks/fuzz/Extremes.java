package io.millrace.checks.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Values that a reader may stumble over: too large, too long, too deep, of another kind. */
final class Extremes {
  private static final String[] NUMBERS =
      words(
          """
          nan -inf inf 1e400 -1 -0 0 1e-400 9223372036854775807 9223372036854775808
          99999999999999999999999999 -9223372036854775808 4294967296 2147483647
          2147483646 2147483648 0x10 1_000 1.5 1e9 +1 "1"
          000000000000000000000000000001 16777216 65536 true null
          """);
  private static final String[] YAML =
      words(
          """
          [ ] { } [] {} ~ *a &a_[*a] &a_{b:_*a} !!binary_x !!int_x ' " "\\0" "a\\nb\\0c" |
          > --- ... ?_a -_1 -1 1e400 99999999999999999999 4611686018427387904
          2147483646 true ../../../etc/passwd /dev/zero [1,_[2,_{a:_b}]] %YAML_9.9 @ `
          0o777 .nan !x_y
          """);
  private static final long[] FIELDS = {
    0,
    -1,
    1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1 << 20
  };
  private static final String[] SIZES =
      words(
          """
          0 1 2 3 -1 12 30 4611686018427387904 9223372036854775807 99999999999999999999
          2147483646 2147483648 3037000500 1L True '2' ()
          """);
  private static final String[] DTYPES =
      words(
          """
          <f4 <f8 <i4 <i8 <u8 |i1 |b1 >f4 >i8 <f2 <c16 <U8 |O <f16 <M8[ns] <i3 x
          """);

  private Extremes() {}

  private static <T> T any(T[] values, SplittableRandom random) {
    return values[random.nextInt(values.length)];
  }

  private static String[] words(String text) {
    return text.strip().split("\\s+");
  }

  static String number(SplittableRandom random) {
    return any(NUMBERS, random);
  }

  /** A binary number of 2, 4 or 8 bytes. */
  static byte[] field(SplittableRandom random) {
    int bytes = 2 << random.nextInt(3);
    long value = FIELDS[random.nextInt(FIELDS.length)];
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return Arrays.copyOf(buffer.putLong(value).array(), bytes);
  }

  static String yaml(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> "[".repeat(1 << random.nextInt(17));
      case 1 -> "{a: ".repeat(1 << random.nextInt(17));
      case 2 -> "\n" + "- ".repeat(1 << random.nextInt(17)) + "x";
      case 3 -> laughs(2 + random.nextInt(8), 2 + random.nextInt(25));
      default -> any(YAML, random).replace('_', ' ');
    };
  }

  /** Lists of lists by aliases: {@code width ^ depth} values when written out. */
  private static String laughs(int width, int depth) {
    StringBuilder text = new StringBuilder("[&a0 [lol]");
    for (int i = 1; i <= depth; i++) {
      text.append(", &a").append(i).append(" [");
      text.append(("*a" + (i - 1) + " , ").repeat(width)).append("]");
    }
    return text.append("]").toString();
  }

  static byte[] longLine(SplittableRandom random) {
    String unit = any(new String[] {"x", ",", " ", "1", "1,", "\"", "#", "a\t", "9 "}, random);
    return unit.repeat(1 << random.nextInt(19)).getBytes(ISO_8859_1);
  }

  /** Another header before the same data, if it is an npy file. */
  static byte[] npyHeader(byte[] bytes, SplittableRandom random) {
    if (bytes.length < 10 || bytes[0] != (byte) 0x93) {
      return Mutation.EXTREME_FIELD.of(bytes, random);
    }
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getChar(8);
    String header = new String(bytes, 10, Math.min(length, bytes.length - 10), ISO_8859_1);
    String changed =
        switch (random.nextInt(5)) {
          case 0 -> header.replaceFirst("'shape': \\([^)]*\\)", "'shape': (" + shape(random) + ")");
          case 1 ->
              header.replaceFirst("'descr': '[^']*'", "'descr': '" + any(DTYPES, random) + "'");
          case 2 -> header.replace("False", "True");
          case 3 ->
              header.replace("{", any(new String[] {"(", "{{", "{'a': [[[[", "((((("}, random));
          default -> header.replaceFirst("[0-9]+", any(SIZES, random));
        };
    byte[] start = Mutation.replace(bytes, 10, header.length(), changed);
    ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) changed.length());
    return start;
  }

  private static String shape(SplittableRandom random) {
    StringBuilder shape = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(10) == 0 ? 2000 : 4); i >= 0; i--) {
      shape.append(any(SIZES, random)).append(i > 0 || random.nextBoolean() ? ", " : "");
    }
    return shape.toString();
  }
}
