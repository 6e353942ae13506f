package io.millrace.checks.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One kind of damage to the bytes of a file, whatever they are. */
enum Mutation {
  TRUNCATED((bytes, random) -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))),
  BIT_FLIPPED(Mutation::flipBit),
  NOISE((bytes, random) -> overwrite(bytes, random, noise(random, 1 + random.nextInt(16)))),
  NOISE_INSERTED((bytes, random) -> insert(bytes, random, noise(random, 1 + random.nextInt(16)))),
  NULS((bytes, random) -> overwrite(bytes, random, new byte[1 + random.nextInt(16)])),
  CUT((bytes, random) -> replace(bytes, random.nextInt(bytes.length), 1 + random.nextInt(20), "")),
  GARBAGE_BEHIND((bytes, random) -> concat(bytes, noise(random, 1 + random.nextInt(100)))),
  TWICE((bytes, random) -> concat(bytes, bytes)),
  EMPTY((bytes, random) -> new byte[0]),
  EXTREME_FIELD((bytes, random) -> overwrite(bytes, random, Extremes.field(random))),
  NUMBER_REPLACED((bytes, random) -> replaceNumber(bytes, random, Extremes.number(random))),
  VALUE_REPLACED((bytes, random) -> replaceValue(bytes, random, Extremes.yaml(random))),
  NPY_HEADER((bytes, random) -> Extremes.npyHeader(bytes, random)),
  LINES_SWAPPED(Mutation::swapLines),
  LINE_REPEATED((bytes, random) -> editLine(bytes, random, line -> line + "\n" + line)),
  LINE_DELETED((bytes, random) -> editLine(bytes, random, line -> null)),
  COLUMNS_SWAPPED((bytes, random) -> editLine(bytes, random, Mutation::reversed)),
  LINE_ENDS_MIXED((bytes, random) -> editLine(bytes, random, line -> line + "\r")),
  LONG_LINE((bytes, random) -> insert(bytes, random, Extremes.longLine(random))),
  INVALID_UTF8(
      (bytes, random) -> insert(bytes, random, new byte[] {(byte) 0xc3, (byte) 0x28, (byte) 0xff})),
  CONTROL_CHARACTERS(
      (bytes, random) -> insert(bytes, random, "\u001b[31m\u0007\r\u2028".getBytes()));

  private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9.]*");

  private final BiFunction<byte[], SplittableRandom, byte[]> change;

  Mutation(BiFunction<byte[], SplittableRandom, byte[]> change) {
    this.change = change;
  }

  byte[] of(byte[] bytes, SplittableRandom random) {
    return bytes.length == 0 ? noise(random, 40) : change.apply(bytes, random);
  }

  private static byte[] flipBit(byte[] bytes, SplittableRandom random) {
    byte[] changed = bytes.clone();
    changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return changed;
  }

  private static byte[] noise(SplittableRandom random, int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] overwrite(byte[] bytes, SplittableRandom random, byte[] with) {
    byte[] changed = bytes.clone();
    int at = random.nextInt(bytes.length);
    System.arraycopy(with, 0, changed, at, Math.min(with.length, bytes.length - at));
    return changed;
  }

  private static byte[] insert(byte[] bytes, SplittableRandom random, byte[] what) {
    return replace(bytes, random.nextInt(bytes.length + 1), 0, new String(what, ISO_8859_1));
  }

  static byte[] replace(byte[] bytes, int from, int length, String with) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(with.getBytes(ISO_8859_1));
    int rest = Math.min(bytes.length, from + length);
    out.write(bytes, rest, bytes.length - rest);
    return out.toByteArray();
  }

  static byte[] concat(byte[] first, byte[] second) {
    return replace(first, first.length, 0, new String(second, ISO_8859_1));
  }

  private static byte[] replaceNumber(byte[] bytes, SplittableRandom random, String with) {
    Matcher matcher = NUMBER.matcher(new String(bytes, ISO_8859_1));
    List<int[]> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(new int[] {matcher.start(), matcher.end()});
    }
    if (found.isEmpty()) {
      return flipBit(bytes, random);
    }
    int[] place = found.get(random.nextInt(found.size()));
    return replace(bytes, place[0], place[1] - place[0], with);
  }

  /** What stands behind a key, or a whole line that has none. */
  private static byte[] replaceValue(byte[] bytes, SplittableRandom random, String with) {
    return editLine(bytes, random, line -> line.substring(0, line.indexOf(':') + 1) + " " + with);
  }

  private static byte[] editLine(
      byte[] bytes, SplittableRandom random, UnaryOperator<String> edit) {
    List<String> lines = lines(bytes);
    int at = random.nextInt(lines.size());
    String edited = edit.apply(lines.get(at));
    if (edited == null) {
      lines.remove(at);
    } else {
      lines.set(at, edited);
    }
    return String.join("\n", lines).getBytes(ISO_8859_1);
  }

  private static byte[] swapLines(byte[] bytes, SplittableRandom random) {
    List<String> lines = lines(bytes);
    Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
    return String.join("\n", lines).getBytes(ISO_8859_1);
  }

  private static List<String> lines(byte[] bytes) {
    return new ArrayList<>(List.of(new String(bytes, ISO_8859_1).split("\n", -1)));
  }

  private static String reversed(String line) {
    String separator = line.contains(",") ? "," : line.contains("\t") ? "\t" : " ";
    List<String> columns = new ArrayList<>(List.of(line.split(separator, -1)));
    Collections.reverse(columns);
    return String.join(separator, columns);
  }
}
