package io.millrace.ranks;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every {@link Collective} does. */
abstract class CollectiveContract {
  private static final int NUM_PARTS = 8;
  private static final int FRAME = 65_536; // floats of the longest frame
  private static final Map<Integer, float[][]> PARTS = new ConcurrentHashMap<>();

  /** A new group of ranks; they wait at least some seconds for each other. */
  abstract List<? extends Collective> group(int size) throws Exception;

  /** A step like in training: a sum, then figures of all ranks. */
  @ParameterizedTest
  @CsvSource({"1, 8", "2, 4:4", "2, 5:3", "3, 3:3:2", "4, 2:2:2:2", "3, 0:8:0", "4, 0:0:1:7"})
  void foldsTheSameBitsHoweverThePartsAreDivided(int size, String division) throws Exception {
    int[] counts = Arrays.stream(division.split(":")).mapToInt(Integer::parseInt).toArray();
    for (int numFloats : size == 2 ? new int[] {1, 1000, FRAME, 70_001} : new int[] {1, 70_001}) {
      float[][] parts = parts(numFloats);
      float[] inOrder = leftToRight(parts);
      List<float[]> sums =
          closing(group(size), rank -> fold(rank, ownParts(parts, counts, rank.rank()), numFloats));
      for (float[] sum : sums) {
        assertArrayEquals(inOrder, sum);
      }
    }
  }

  /** All the same bits, and again the next time; near to the sum in order. */
  @ParameterizedTest
  @CsvSource({"1", "2", "3", "5", "8"})
  void sumsTheSameBitsOnAllRanksEveryTime(int size) throws Exception {
    int longest = size < 3 ? 2 * FRAME + 9_000 : 20_001; // two ranks send more than a frame
    for (int numFloats : new int[] {1, 3, 1000, longest}) {
      float[][] values = parts(numFloats);
      List<float[]> sums =
          new ArrayList<>(closing(group(size), rank -> sum(rank, values[rank.rank()])));
      sums.addAll(closing(group(size), rank -> sum(rank, values[rank.rank()])));
      float[] first = sums.getFirst();
      sums.forEach(sum -> assertArrayEquals(first, sum));
      float[] inOrder = leftToRight(Arrays.copyOf(values, size));
      for (int i = 0; i < numFloats; i++) {
        float largest = 0;
        for (int r = 0; r < size; r++) {
          largest = Math.max(largest, Math.abs(values[r][i]));
        }
        assertEquals(inOrder[i], first[i], largest * 1e-5f);
      }
    }
  }

  @Test
  void sumsOfTheseTestsDependOnTheirOrder() {
    float[][] parts = parts(1000);
    float[][] reversed = new float[NUM_PARTS][];
    for (int p = 0; p < NUM_PARTS; p++) {
      reversed[p] = parts[NUM_PARTS - 1 - p];
    }
    assertNotEquals(Arrays.toString(leftToRight(parts)), Arrays.toString(leftToRight(reversed)));
  }

  @Test
  void foldsZeroWithoutParts() throws Exception {
    for (float[] sum : closing(group(3), rank -> fold(rank, new float[0][], 5))) {
      assertArrayEquals(new float[5], sum);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4"})
  void gathersValuesOfAnyLength(int size) throws Exception {
    List<List<byte[]>> all =
        closing(
            group(size),
            rank -> {
              assertEquals(size, rank.allGather(new byte[0]).size());
              return rank.allGather(value(rank.rank()));
            });
    for (List<byte[]> ofRank : all) {
      for (int r = 0; r < size; r++) {
        assertArrayEquals(value(r), ofRank.get(r));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "3, 0", "3, 1", "3, 2", "4, 3"})
  void broadcastsFromAnyRank(int size, int root) throws Exception {
    for (byte[] value :
        closing(group(size), rank -> rank.broadcast(value(rank.rank() + 1), root))) {
      assertArrayEquals(value(root + 1), value);
    }
  }

  @Test
  void goesThroughManyStepsInARow() throws Exception {
    List<Long> totals =
        closing(
            group(3),
            rank -> {
              long total = 0;
              for (int step = 0; step < 50; step++) {
                rank.step(step);
                float[][] own = {{step, rank.rank()}};
                total += (long) fold(rank, own, 2)[0];
                total += rank.broadcast(new byte[] {(byte) step}, step % 3)[0];
                rank.barrier(Duration.ofSeconds(20));
              }
              return total;
            });
    assertEquals(List.of(4900L, 4900L, 4900L), totals); // (3 + 1) * (0 + ... + 49)
  }

  @Test
  void failureOfARankReachesAllWithStepAndCause() throws Exception {
    List<Throwable> failures =
        failing(
            group(4),
            rank -> {
              rank.step(17);
              rank.barrier(Duration.ofSeconds(20));
              if (rank.rank() == 2) {
                IllegalStateException own = new IllegalStateException("disk\nis full");
                rank.fail(own);
                throw own;
              }
              rank.allGather(new byte[1]);
              return rank.allGather(new byte[1]);
            });
    assertEquals("disk\nis full", failures.get(2).getMessage());
    for (int r : new int[] {0, 1, 3}) {
      assertEquals(
          "a rank has failed: rank=2, step=17, cause=disk; is full", failures.get(r).getMessage());
    }
  }

  /** The others end with the same exit code as the rank that has failed. */
  @Test
  void badInputOfARankIsKnownToAll() throws Exception {
    List<Throwable> failures =
        failing(
            group(3),
            rank -> {
              if (rank.rank() == 1) {
                rank.fail(BadInputException.of("disk is full", "file", "f"));
              }
              return rank.allGather(new byte[1]);
            });
    for (Throwable failure : failures) {
      assertTrue(((RankFailedException) failure).isBadInput(), failure.toString());
    }
  }

  @Test
  void rankThatHasEndedIsNamed() throws Exception {
    List<Throwable> failures =
        failing(group(3), rank -> rank.rank() == 2 ? List.of() : rank.allGather(new byte[1]));
    for (int r = 0; r < 2; r++) {
      RankFailedException failure = assertInstanceOf(RankFailedException.class, failures.get(r));
      assertEquals(2, failure.rank(), failure.getMessage());
    }
  }

  @Test
  void operationsAfterAFailureFailToo() throws Exception {
    List<Throwable> failures =
        failing(
            group(2),
            rank -> {
              rank.fail(new IllegalStateException("first"));
              rank.barrier(Duration.ofSeconds(20));
              return null;
            });
    failures.forEach(it -> assertInstanceOf(RankFailedException.class, it));
  }

  @Test
  void ranksAtDifferentOperationsFail() throws Exception {
    List<Throwable> failures =
        failing(
            group(2),
            rank -> {
              if (rank.rank() == 0) {
                rank.allGather(new byte[1]);
              } else {
                rank.broadcast(new byte[1], 1);
              }
              return rank.allGather(new byte[1]);
            });
    failures.forEach(it -> assertInstanceOf(RankFailedException.class, it));
  }

  @Test
  void ranksAtDifferentStepsFail() throws Exception {
    List<Throwable> failures =
        failing(
            group(3),
            rank -> {
              rank.step(rank.rank() == 1 ? 8 : 7);
              return rank.allGather(new byte[1]);
            });
    failures.forEach(it -> assertInstanceOf(RankFailedException.class, it));
  }

  @Test
  void barrierEndsWithinItsLimit() throws Exception {
    List<Throwable> failures =
        failing(
            group(2),
            rank -> {
              if (rank.rank() == 1) {
                Thread.sleep(1500);
              }
              rank.barrier(Duration.ofMillis(200));
              return null;
            });
    failures.forEach(it -> assertInstanceOf(RankFailedException.class, it));
  }

  static byte[] value(int rank) {
    byte[] value = new byte[rank * 300_000 + rank];
    new Random(rank).nextBytes(value);
    return value;
  }

  /** The same values for all tests, which change none of them. */
  static float[][] parts(int numFloats) {
    return PARTS.computeIfAbsent(numFloats, CollectiveContract::newParts);
  }

  private static float[][] newParts(int numFloats) {
    float[][] parts = new float[NUM_PARTS][numFloats];
    Random random = new Random(3);
    for (float[] part : parts) {
      for (int i = 0; i < numFloats; i++) {
        part[i] = (float) (random.nextGaussian() * Math.exp(5 * random.nextGaussian()));
      }
    }
    return parts;
  }

  static float[] leftToRight(float[][] parts) {
    float[] sum = new float[parts[0].length];
    for (float[] part : parts) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part[i];
      }
    }
    return sum;
  }

  static float[][] ownParts(float[][] parts, int[] counts, int rank) {
    int first = IntStream.range(0, rank).map(r -> counts[r]).sum();
    return Arrays.copyOfRange(parts, first, first + counts[rank]);
  }

  static float[] fold(Collective rank, float[][] own, int numFloats) {
    try (Arena arena = Arena.ofShared()) {
      List<MemorySegment> parts = new ArrayList<>();
      for (float[] part : own) {
        parts.add(arena.allocateFrom(JAVA_FLOAT, part));
      }
      MemorySegment sum = arena.allocate(JAVA_FLOAT, numFloats).fill((byte) 1);
      rank.foldInOrder(parts, sum);
      return sum.toArray(JAVA_FLOAT);
    }
  }

  static float[] sum(Collective rank, float[] own) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment values = arena.allocateFrom(JAVA_FLOAT, own);
      rank.sum(values);
      return values.toArray(JAVA_FLOAT);
    }
  }

  static <T> List<T> closing(
      List<? extends Collective> ranks, RankThreads.Body<Collective, T> body) {
    return RankThreads.run(
        ranks,
        rank -> {
          try (rank) {
            return body.run(rank);
          }
        });
  }

  static <T> List<Throwable> failing(
      List<? extends Collective> ranks, RankThreads.Body<Collective, T> body) {
    return RankThreads.failures(
        ranks,
        rank -> {
          try (rank) {
            return body.run(rank);
          }
        });
  }

  static byte[] secret(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
