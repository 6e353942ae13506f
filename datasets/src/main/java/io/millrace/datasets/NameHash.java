package io.millrace.datasets;

import io.millrace.Internal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 64-bit hash of a name's bytes. Buckets on disk are chosen by it, {@code NameIndex}, so it
 * must never change.
 */
@Internal
public final class NameHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private NameHash() {}

  /** Eight bytes at a time, multiplied and folded, so that every bit of the name counts. */
  public static long of(byte[] bytes, int start, int length) {
    long hash = length;
    int at = start;
    int end = start + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = mix(hash ^ (long) LONG.get(bytes, at));
    }
    long last = 0;
    for (; at < end; at++) {
      last = last << Byte.SIZE | bytes[at] & 0xff;
    }
    return mix(hash ^ last);
  }

  private static long mix(long value) {
    long high = Math.multiplyHigh(value, 0x9E3779B97F4A7C15L);
    long low = value * 0x9E3779B97F4A7C15L;
    return (high ^ low) * 0xD6E8FEB86659FD93L ^ low >>> 32;
  }
}
