package io.millrace.ranks.ring;

import io.millrace.ranks.RankFailedException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A message between neighbours: who sends it, in which operation of which step, and a checksum over
 * all of it.
 *
 * <pre>
 *   byte  0 magic   4 kind   5 code   6 -      8 rank   12 item
 *        16 operation       24 step           32 total  40 length   44 CRC32C   48 payload
 * </pre>
 *
 * <p>Numbers are big-endian, values in a payload little-endian.
 *
 * @param code of the operation, for {@link Kind#DATA}; for {@link Kind#FAIL} whether it is bad
 *     input; otherwise 0
 * @param rank that sends it; for {@link Kind#FAIL} the rank that has failed
 * @param item the number of the frame within the operation, from 0
 * @param operation the number of the operation, from 1
 * @param step of the training
 * @param total bytes of the whole value that the payload is a part of
 * @param payload at most {@link #MAX_PAYLOAD} bytes; of a frame that was received, valid until it
 *     is given back to its link
 */
record Frame(
    Kind kind,
    int code,
    int rank,
    int item,
    long operation,
    long step,
    long total,
    MemorySegment payload) {
  static final int HEADER = 48;
  static final int MAX_PAYLOAD = 1 << 18;
  static final int MAX_SIZE = HEADER + MAX_PAYLOAD;
  static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);
  private static final int BAD_INPUT = 1;
  private static final int MAGIC = 0x4d524b31;
  private static final int LENGTH_AT = 40;
  private static final int CRC_AT = 44;

  /** What a frame is for. */
  enum Kind {
    /** A part of an operation's value. */
    DATA,
    /** The sender lives; the item says whether it waits for others in the operation. */
    BEAT,
    /** A rank has failed; the payload says why. */
    FAIL,
    /** The sender has ended in order. */
    BYE
  }

  private static final Kind[] KINDS = Kind.values();

  /** A frame without an operation's value. */
  static Frame control(Kind kind, int rank, int item, long operation, long step, byte[] payload) {
    return new Frame(
        kind, 0, rank, item, operation, step, payload.length, MemorySegment.ofArray(payload));
  }

  /**
   * A frame that reports a failure: that of the cause if it names a rank, otherwise of this rank.
   */
  static Frame failure(int rank, long step, Throwable cause) {
    RankFailedException failure = RankFailedException.of(rank, step, cause);
    byte[] reason = failure.reason().getBytes(StandardCharsets.UTF_8);
    byte[] payload = Arrays.copyOf(reason, Math.min(reason.length, MAX_PAYLOAD));
    return new Frame(
        Kind.FAIL,
        failure.isBadInput() ? BAD_INPUT : 0,
        failure.rank(),
        0,
        0,
        failure.step(),
        payload.length,
        MemorySegment.ofArray(payload));
  }

  /** What a frame of a failure says. */
  RankFailedException failure() {
    byte[] reason = payload.toArray(ValueLayout.JAVA_BYTE);
    return new RankFailedException(
        rank, step, new String(reason, StandardCharsets.UTF_8), code == BAD_INPUT);
  }

  /** Writes the frame to the beginning of a buffer, which has room; returns its size. */
  int write(byte[] buffer) {
    int length = (int) payload.byteSize();
    ByteBuffer header = ByteBuffer.wrap(buffer, 0, HEADER);
    header.putInt(MAGIC).put((byte) kind.ordinal()).put((byte) code).putShort((short) 0);
    header.putInt(rank).putInt(item).putLong(operation).putLong(step).putLong(total);
    header.putInt(length);
    MemorySegment.copy(payload, 0, MemorySegment.ofArray(buffer), HEADER, length);
    header.putInt(checksum(buffer, length));
    return HEADER + length;
  }

  /**
   * Waits for a frame.
   *
   * @param buffer receives it; has room for {@link #HEADER} and {@link #MAX_PAYLOAD} bytes
   * @throws IOException if the connection ends, or this is not a frame
   */
  static Frame read(DataInputStream in, byte[] buffer) throws IOException {
    in.readFully(buffer, 0, HEADER);
    ByteBuffer header = ByteBuffer.wrap(buffer, 0, HEADER);
    int magic = header.getInt();
    int kind = header.get();
    int code = header.get();
    int length = header.getInt(LENGTH_AT);
    if (magic != MAGIC || kind < 0 || kind >= KINDS.length) {
      throw new StreamCorruptedException("what arrived is not a frame");
    }
    if (length < 0 || length > MAX_PAYLOAD) { // before anything is read or allocated for it
      throw new StreamCorruptedException("frame has a wrong length: length=" + length);
    }
    in.readFully(buffer, HEADER, length);
    if (header.getInt(CRC_AT) != checksum(buffer, length)) {
      throw new StreamCorruptedException("frame has a wrong checksum");
    }
    header.getShort();
    return new Frame(
        KINDS[kind],
        code,
        header.getInt(),
        header.getInt(),
        header.getLong(),
        header.getLong(),
        header.getLong(),
        MemorySegment.ofArray(buffer).asSlice(HEADER, length));
  }

  private static int checksum(byte[] buffer, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer, 0, CRC_AT);
    crc.update(buffer, HEADER, length);
    return (int) crc.getValue();
  }
}
