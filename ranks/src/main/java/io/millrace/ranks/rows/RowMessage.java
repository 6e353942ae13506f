package io.millrace.ranks.rows;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.zip.CRC32C;

/**
 * A request for rows: rising ids as differences of variable length.
 *
 * <pre>
 *   request  magic, count, length, CRC32C of the ids, ids
 *   answer   magic, 0, count, rows, CRC32C of the rows     or     magic, 1, length, message
 * </pre>
 */
final class RowMessage {
  static final int REQUEST = 0x4d525251;
  static final int ANSWER = 0x4d525241;
  static final int ROWS = 0;
  static final int REFUSED = 1;
  static final int MAX_MESSAGE = 4096;

  /** The most rows of a request: nothing larger is allocated for what arrives. */
  static final int MAX_ROWS = 1 << 24;

  private static final int MAX_VARINT = 5;

  private RowMessage() {}

  /**
   * @param ids rising, not negative
   */
  static void write(DataOutputStream out, int[] ids) throws IOException {
    byte[] bytes = new byte[ids.length * MAX_VARINT];
    int length = 0;
    int before = 0;
    for (int id : ids) {
      int rest = id - before;
      before = id;
      for (; rest > 0x7f; rest >>>= 7) {
        bytes[length++] = (byte) (rest | 0x80);
      }
      bytes[length++] = (byte) rest;
    }
    out.writeInt(REQUEST);
    out.writeInt(ids.length);
    out.writeInt(length);
    out.writeInt(checksum(bytes, length));
    out.write(bytes, 0, length);
    out.flush();
  }

  /**
   * Reads a request after its magic.
   *
   * @throws IOException if the connection ends, or it is damaged
   */
  static int[] read(DataInputStream in) throws IOException {
    int count = in.readInt();
    int length = in.readInt();
    int checksum = in.readInt();
    if (count < 0 || count > MAX_ROWS || length < count || length > (long) count * MAX_VARINT) {
      throw new StreamCorruptedException("request has a wrong length: rows=" + count);
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length || checksum(bytes, length) != checksum) {
      throw new StreamCorruptedException("request has a wrong checksum");
    }
    int[] ids = new int[count];
    int at = 0;
    int before = 0;
    for (int i = 0; i < count; i++) {
      int shift = 0;
      int rest = 0;
      do {
        if (at == length || shift > Integer.SIZE) {
          throw new StreamCorruptedException("request has a wrong id");
        }
        rest |= (bytes[at] & 0x7f) << shift;
        shift += 7;
      } while (bytes[at++] < 0);
      before += rest;
      ids[i] = before;
    }
    return ids;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
