package io.millrace.datasets.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * The values of a Parquet column as fields of csv text: numbers exactly, booleans as 1 and 0, times
 * and dates as the integers that they are stored as, text in quotation marks; a null is empty. A
 * list of numbers is {@code "[1 2]"}, and nan where an element is null.
 *
 * @param maxLevel the definition level of a value that is not null
 * @param list whether a field is a list
 * @param elementLevel the definition level of an element of a list, null or not
 */
record ParquetCells(Format format, int maxLevel, boolean list, int elementLevel) {

  /** Writes the current value of a column. */
  private interface Format {
    void append(ColumnReader in, StringBuilder out);
  }

  /**
   * Empty for structures, maps and lists of lists or text, and for types other than numbers and
   * text.
   */
  static Optional<ParquetCells> of(ColumnDescriptor column) {
    PrimitiveType type = column.getPrimitiveType();
    boolean list = isListOfNumbers(column);
    if (!list && (column.getPath().length > 1 || column.getMaxRepetitionLevel() > 0)) {
      return Optional.empty();
    }
    int maxLevel = column.getMaxDefinitionLevel();
    int elementLevel = type.isRepetition(Type.Repetition.OPTIONAL) ? maxLevel - 1 : maxLevel;
    return format(type).map(format -> new ParquetCells(format, maxLevel, list, elementLevel));
  }

  /** As Parquet's LIST, {@code x.list.element}, or as a repeated field, {@code x}. */
  private static boolean isListOfNumbers(ColumnDescriptor column) {
    int depth = column.getPath().length;
    boolean text =
        column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BINARY;
    return column.getMaxRepetitionLevel() == 1 && (depth == 1 || depth == 3) && !text;
  }

  /** Writes the current field and moves to the next one. */
  void append(ColumnReader in, StringBuilder out) {
    if (list) {
      appendList(in, out);
    } else {
      appendValue(in, out);
    }
  }

  private void appendList(ColumnReader in, StringBuilder out) {
    boolean isNull = in.getCurrentDefinitionLevel() == 0;
    out.append(isNull ? "\"" : "\"[");
    do {
      if (in.getCurrentDefinitionLevel() == maxLevel) {
        format.append(in, out);
        out.append(' ');
      } else if (in.getCurrentDefinitionLevel() == elementLevel) {
        out.append("nan ");
      }
      in.consume();
    } while (in.getCurrentRepetitionLevel() > 0);
    out.append(isNull ? "\"" : "]\"");
  }

  private void appendValue(ColumnReader in, StringBuilder out) {
    if (in.getCurrentDefinitionLevel() == maxLevel) {
      format.append(in, out);
    } else {
      out.append("\"\"");
    }
    in.consume();
  }

  private static Optional<Format> format(PrimitiveType type) {
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
      return Optional.of(
          (in, out) -> out.append(new BigDecimal(unscaled(in, type), decimal.getScale())));
    }
    boolean unsigned = meaning instanceof IntLogicalTypeAnnotation integer && !integer.isSigned();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> Optional.of((in, out) -> out.append(in.getBoolean() ? 1 : 0));
      case INT32 ->
          Optional.of(
              unsigned
                  ? (in, out) -> out.append(Integer.toUnsignedLong(in.getInteger()))
                  : (in, out) -> out.append(in.getInteger()));
      case INT64 ->
          Optional.of(
              unsigned
                  ? (in, out) -> out.append(Long.toUnsignedString(in.getLong()))
                  : (in, out) -> out.append(in.getLong()));
      case FLOAT -> Optional.of((in, out) -> out.append(in.getFloat()));
      case DOUBLE -> Optional.of((in, out) -> out.append(in.getDouble()));
      case BINARY -> Optional.of((in, out) -> text(decoded(in.getBinary()), out));
      case FIXED_LEN_BYTE_ARRAY ->
          meaning instanceof Float16LogicalTypeAnnotation
              ? Optional.of((in, out) -> out.append(float16(in.getBinary().getBytes())))
              : Optional.empty();
      case INT96 -> Optional.empty();
    };
  }

  private static BigInteger unscaled(ColumnReader in, PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case INT32 -> BigInteger.valueOf(in.getInteger());
      case INT64 -> BigInteger.valueOf(in.getLong());
      default -> new BigInteger(in.getBinary().getBytes());
    };
  }

  private static float float16(byte[] littleEndian) {
    return Float.float16ToFloat((short) (littleEndian[0] & 0xff | littleEndian[1] << Byte.SIZE));
  }

  /** Bytes that are not UTF-8 would all become the same replacement character. */
  private static String decoded(Binary value) {
    String text = value.toStringUsingUTF8();
    if (text.indexOf('\uFFFD') >= 0) {
      byte[] bytes = value.getBytes();
      if (!Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
        throw MalformedFieldException.of("text is not UTF-8", bytes, 0, bytes.length);
      }
    }
    return text;
  }

  /** Text in quotation marks; a field of csv cannot hold a line break here. */
  static void text(String value, StringBuilder out) {
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
      throw new MalformedFieldException(
          "text has a line break", "value", value.strip().lines().findFirst());
    }
    out.append('"').append(value.replace("\"", "\"\"")).append('"');
  }
}
