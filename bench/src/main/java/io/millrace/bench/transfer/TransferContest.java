package io.millrace.bench.transfer;

import io.millrace.Progress;
import io.millrace.bench.harness.Rounds;
import io.millrace.cli.command.Format;
import io.millrace.cuda.Cuda;
import io.millrace.slicing.SlotMemory;
import java.util.List;

/**
 * Measures copies to a GPU: from page-locked and from pageable slots of several sizes, next to one
 * large copy of as many bytes from page-locked memory, which is what the bus can do at most.
 *
 * <p>One size at a time, so that no more page-locked memory is held than it takes; the large copy
 * takes its turn in every round of every size. The next class to read is {@link CopyRing}.
 */
final class TransferContest {
  static final String PEAK = "one large copy";
  static final String PINNED = "pinned";
  static final String PAGEABLE = "pageable";

  private record Turn(String name, CopyRing ring, int numCopies) {}

  private final Cuda cuda;
  private final TransferSettings settings;

  TransferContest(Cuda cuda, TransferSettings settings) {
    this.cuda = cuda;
    this.settings = settings;
  }

  TransferResult measure(Progress progress) {
    TransferResult result = new TransferResult(settings.totalBytes());
    SlotMemory pinned = SlotMemory.pageLocked(cuda);
    try (CopyRing large = new CopyRing(cuda, pinned, 1, settings.totalBytes())) {
      for (long bytes : settings.slotBytes()) {
        try (CopyRing fromPinned = new CopyRing(cuda, pinned, settings.numSlots(), bytes);
            CopyRing fromPageable =
                new CopyRing(cuda, SlotMemory.plain(), settings.numSlots(), bytes)) {
          int numCopies = Math.toIntExact(settings.totalBytes() / bytes);
          List<Turn> turns =
              List.of(
                  new Turn(PEAK, large, 1),
                  new Turn(PINNED, fromPinned, numCopies),
                  new Turn(PAGEABLE, fromPageable, numCopies));
          turns.forEach(turn -> turn.ring.copy(turn.numCopies)); // warm up
          Rounds.run(
              "slots of " + Format.bytes(bytes),
              settings.numRounds(),
              turns,
              progress,
              (turn, _) ->
                  result.add(
                      turn.name,
                      settings.totalBytes() / turn.numCopies,
                      turn.ring.copy(turn.numCopies)));
        }
      }
    }
    return result;
  }
}
