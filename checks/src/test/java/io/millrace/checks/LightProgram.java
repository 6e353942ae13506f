package io.millrace.checks;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.slicing.Slicer;
import io.millrace.slicing.SlotPool;
import io.millrace.transfer.DeviceChoice;
import io.millrace.transfer.Placement;
import java.nio.file.Path;
import java.util.List;

/** What a program without libtorch does: {@link LightClosureTest} starts it. */
final class LightProgram {
  private LightProgram() {}

  /**
   * @param args steps: {@code sample DATASET}, {@code import FILE} or {@code place .}
   */
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < args.length; i += 2) {
      Path path = Path.of(args[i + 1]);
      try {
        if (args[i].equals("sample")) {
          sample(path);
        } else if (args[i].equals("place")) {
          System.out.println("placed: " + Placement.of(DeviceChoice.AUTO));
        } else {
          try (EdgeList edges =
              EdgeListImporter.readEdges(
                  List.of(path), EdgeListOptions.defaults(), Progress.NONE)) {
            System.out.println("imported: edges=" + edges.size());
          }
        }
      } catch (BadInputException e) {
        System.out.println(e);
      }
    }
  }

  private static void sample(Path dataset) throws InterruptedException {
    try (GraphDataset data = GraphDataset.open(dataset);
        SlotPool slots = SlotPool.of(1, 1)) {
      var batch = NeighborSampler.of(data.graph(), Fanout.of(2, 2)).sample(new int[] {0}, 1);
      var sliced = Slicer.of(data).slice(batch, slots.acquire(), 0, 0);
      System.out.printf("sampled: nodes=%d, bytes=%d%n", batch.numNodes(), sliced.layout().bytes());
      sliced.slot().release();
    }
  }
}
