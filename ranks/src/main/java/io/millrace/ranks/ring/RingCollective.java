package io.millrace.ranks.ring;

import io.millrace.Internal;
import io.millrace.ranks.Collective;
import io.millrace.ranks.FloatSums;
import io.millrace.ranks.Traffic;
import io.millrace.ranks.ring.Neighbours.Operation;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/**
 * Ranks that are processes, on one machine or on several, in a ring of connections: each sends to
 * the next one and receives from the previous one.
 *
 * <p>A fold is a chain: rank 0 sends the sum of its parts, each rank adds its own, the last one has
 * the sum, which then travels round the ring. It goes in chunks, so all ranks add at the same time,
 * and no more is sent than by an all-reduce over a ring.
 *
 * <p>Connections without TLS are checked against damage, but neither encrypted nor safe from
 * someone who can change packets: they belong on a network of one's own.
 *
 * <p>Next class to read: {@code Neighbours}, which exchanges the frames, and notices failures.
 */
public final class RingCollective implements Collective {
  /** The most bytes of a frame. */
  @Internal public static final int MAX_FRAME = Frame.MAX_SIZE;

  private static final int CHUNK = Frame.MAX_PAYLOAD;

  private final RingPlace place;
  private final int rank;
  private final int size;
  private final Neighbours neighbours;

  private RingCollective(RingPlace place, Neighbours neighbours) {
    this.place = place;
    rank = place.rank();
    size = place.size();
    this.neighbours = neighbours;
  }

  /** A ring of one rank, without a connection. */
  @Internal
  public static RingCollective alone(RingPlace place) {
    return new RingCollective(place, Neighbours.alone(place));
  }

  /** Takes over connections whose other ends have proved who they are. */
  @Internal
  public static RingCollective of(RingPlace place, Wire next, Wire previous) {
    return new RingCollective(place, Neighbours.of(place, next, previous));
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void step(long number) {
    neighbours.step(number);
  }

  @Override
  public void foldInOrder(List<MemorySegment> parts, MemorySegment sum) {
    FloatSums.requireFit(parts, sum);
    neighbours.begin();
    long bytes = sum.byteSize();
    int chunks = Math.toIntExact(Math.ceilDiv(bytes, CHUNK));
    boolean last = rank == size - 1;
    if (rank == 0) {
      for (int c = 0; c < chunks; c++) {
        MemorySegment chunk = chunk(sum, c);
        chunk.fill((byte) 0);
        addOwn(parts, sum, c);
        if (size > 1) {
          neighbours.send(Operation.FOLD, c, bytes, chunk);
        }
      }
    }
    int partial = rank == 0 ? chunks : 0;
    int complete = last ? chunks : 0;
    while (partial < chunks || complete < chunks) {
      Frame frame = neighbours.receive(Operation.FOLD, bytes);
      boolean isComplete = partial == chunks; // those come after all of the chain
      int c = isComplete ? complete++ : partial++;
      MemorySegment chunk = chunk(sum, c);
      neighbours.requireItem(frame, isComplete ? chunks + c : c, chunk.byteSize());
      chunk.copyFrom(frame.payload());
      if (!isComplete) {
        addOwn(parts, sum, c);
      }
      neighbours.giveBack(frame);
      if (!isComplete) {
        neighbours.send(Operation.FOLD, last ? chunks + c : c, bytes, chunk);
      } else if (rank != size - 2) {
        neighbours.send(Operation.FOLD, chunks + c, bytes, chunk);
      }
    }
    neighbours.end();
  }

  /**
   * Each rank gives a share of its values to the next one, which adds its own and passes the sum
   * on; when the shares have come around, each is complete on one rank, and goes around once more.
   */
  @Override
  public void sum(MemorySegment values) {
    FloatSums.requireFit(List.of(), values);
    neighbours.begin();
    int mostChunks = numChunks(share(values, size - 1)); // no share is larger
    for (int hop = 0; hop < 2 * (size - 1); hop++) {
      MemorySegment given = share(values, rank - hop);
      MemorySegment taken = share(values, rank - hop - 1);
      int item = hop * mostChunks;
      for (int c = 0; c < numChunks(given); c++) {
        neighbours.send(Operation.SUM, item + c, values.byteSize(), chunk(given, c));
      }
      for (int c = 0; c < numChunks(taken); c++) {
        take(chunk(taken, c), item + c, values.byteSize(), hop < size - 1);
      }
    }
    neighbours.end();
  }

  private void take(MemorySegment chunk, int item, long total, boolean isPartial) {
    Frame frame = neighbours.receive(Operation.SUM, total);
    neighbours.requireItem(frame, item, chunk.byteSize());
    if (isPartial) {
      FloatSums.add(chunk, frame.payload());
    } else {
      chunk.copyFrom(frame.payload());
    }
    neighbours.giveBack(frame);
  }

  /** The values that a rank begins with; shares are as equal as possible. */
  private MemorySegment share(MemorySegment values, int number) {
    int which = Math.floorMod(number, size);
    long floats = values.byteSize() / Float.BYTES;
    long begin = floats * which / size;
    long end = floats * (which + 1) / size;
    return values.asSlice(begin * Float.BYTES, (end - begin) * Float.BYTES);
  }

  private static int numChunks(MemorySegment value) {
    return Math.toIntExact(Math.ceilDiv(value.byteSize(), CHUNK));
  }

  private static MemorySegment chunk(MemorySegment value, int number) {
    long at = (long) number * CHUNK;
    return value.asSlice(at, Math.min(CHUNK, value.byteSize() - at));
  }

  private static void addOwn(List<MemorySegment> parts, MemorySegment sum, int number) {
    MemorySegment chunk = chunk(sum, number);
    parts.forEach(part -> FloatSums.add(chunk, chunk(part, number)));
  }

  @Override
  public List<byte[]> allGather(byte[] own) {
    requireSize(own.length);
    neighbours.begin();
    byte[][] all = new byte[size][];
    all[rank] = own.clone();
    if (size > 1) {
      int sent = sendAll(Operation.GATHER, 0, all[rank]);
      int received = 0;
      for (int distance = 1; distance < size; distance++) {
        boolean passOn = distance < size - 1;
        Received value = receiveAll(Operation.GATHER, received, passOn ? sent : -1);
        all[Math.floorMod(rank - distance, size)] = value.bytes;
        received += value.frames;
        sent += value.frames;
      }
    }
    neighbours.end();
    return List.of(all);
  }

  @Override
  public byte[] broadcast(byte[] value, int root) {
    if (root < 0 || root >= size) {
      throw new IllegalArgumentException("no such rank: root=" + root + ", ranks=" + size);
    }
    byte[] result;
    neighbours.begin();
    if (rank == root) {
      requireSize(value.length);
      result = value.clone();
      if (size > 1) {
        sendAll(Operation.BROADCAST, 0, result);
      }
    } else {
      boolean passOn = place.next() != root;
      result = receiveAll(Operation.BROADCAST, 0, passOn ? 0 : -1).bytes;
    }
    neighbours.end();
    return result;
  }

  @Override
  public void barrier(Duration limit) {
    neighbours.limit(limit);
    try {
      allGather(new byte[0]);
    } finally {
      neighbours.limit(place.operationLimit());
    }
  }

  private static void requireSize(long bytes) {
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException("value is too large: bytes=" + bytes);
    }
  }

  /** Sends a value of any length in chunks, at least one; returns how many. */
  private int sendAll(Operation kind, int firstItem, byte[] value) {
    MemorySegment bytes = MemorySegment.ofArray(value);
    int chunks = Math.max(1, Math.ceilDiv(value.length, CHUNK));
    for (int c = 0; c < chunks; c++) {
      neighbours.send(kind, firstItem + c, value.length, chunk(bytes, c));
    }
    return chunks;
  }

  private record Received(byte[] bytes, int frames) {}

  /**
   * Receives a value of any length.
   *
   * @param passOnAs the number of its first frame for the next rank, or -1 to keep it
   */
  private Received receiveAll(Operation kind, int firstItem, int passOnAs) {
    byte[] value = null;
    int chunks = 1;
    for (int c = 0; c < chunks; c++) {
      Frame frame = neighbours.receive(kind, value == null ? -1 : value.length);
      if (value == null) {
        if (frame.total() < 0 || frame.total() > MAX_BYTES) {
          throw neighbours.failed(frame.rank(), "its value is too large: bytes=" + frame.total());
        }
        value = new byte[(int) frame.total()];
        chunks = Math.max(1, Math.ceilDiv(value.length, CHUNK));
      }
      MemorySegment chunk = chunk(MemorySegment.ofArray(value), c);
      neighbours.requireItem(frame, firstItem + c, chunk.byteSize());
      chunk.copyFrom(frame.payload());
      neighbours.giveBack(frame);
      if (passOnAs >= 0) {
        neighbours.send(kind, passOnAs + c, value.length, chunk);
      }
    }
    return new Received(value, chunks);
  }

  @Override
  public void fail(Throwable cause) {
    neighbours.fail(cause);
  }

  @Override
  public Traffic traffic() {
    return neighbours.traffic();
  }

  /** Waits a moment for the neighbours to end, too, so that they receive all that was sent. */
  @Override
  public void close() {
    neighbours.close();
  }
}
