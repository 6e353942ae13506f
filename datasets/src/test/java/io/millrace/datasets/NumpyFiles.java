package io.millrace.datasets;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes npy and npz files as numpy does, of any dtype. */
public final class NumpyFiles {
  private NumpyFiles() {}

  /** The bytes of an npy file; the values stand in the order of the file. */
  public static byte[] npy(String dtype, boolean fortran, String shape, double... values) {
    String dict =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n"
            .formatted(dtype, fortran ? "True" : "False", shape);
    int size = dtype.charAt(2) - '0';
    ByteBuffer file = ByteBuffer.allocate(10 + dict.length() + values.length * size);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.order(ByteOrder.LITTLE_ENDIAN).putShort((short) dict.length());
    file.put(dict.getBytes(StandardCharsets.US_ASCII));
    file.order(dtype.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (dtype.substring(1)) {
        case "f2" -> file.putShort(Float.floatToFloat16((float) value));
        case "f4" -> file.putFloat((float) value);
        case "f8" -> file.putDouble(value);
        case "i1", "u1", "b1" -> file.put((byte) value);
        case "i2", "u2" -> file.putShort((short) value);
        case "i4", "u4" -> file.putInt((int) (long) value);
        default -> file.putLong((long) value);
      }
    }
    return file.array();
  }

  /** The bytes of an npy file that holds one text, as scipy writes the format of a matrix. */
  public static byte[] text(String value) {
    byte[] header = npy("|S" + value.length(), false, "");
    byte[] file = Arrays.copyOf(header, header.length + value.length());
    System.arraycopy(
        value.getBytes(StandardCharsets.US_ASCII), 0, file, header.length, value.length());
    return file;
  }

  public static Path npz(Path file, Map<String, byte[]> members) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        zip.putNextEntry(new ZipEntry(member.getKey() + ".npy"));
        zip.write(member.getValue());
      }
    }
    return file;
  }
}
