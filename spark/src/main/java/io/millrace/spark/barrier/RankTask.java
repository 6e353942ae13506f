package io.millrace.spark.barrier;

import io.millrace.ranks.ring.RingCollective;
import io.millrace.ranks.ring.RingListener;
import io.millrace.ranks.ring.RingSettings;
import io.millrace.training.BatchProgress;
import io.millrace.training.TrainingListener;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.DeviceChoice;
import java.io.Serial;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskKilledException;

/**
 * One task of the barrier stage: a rank. It listens on a free port of its executor's address, tells
 * the others where by one gather, and works with them.
 *
 * @param secret that the ranks know each other by; it comes with the task
 */
record RankTask<T>(RankWork<T> work, byte[] secret) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  List<T> run() {
    BarrierTaskContext task = BarrierTaskContext.get();
    int rank = task.partitionId();
    String host = host(task, rank);
    try (RingListener listener = RingListener.bind(new InetSocketAddress(host, 0))) {
      String[] addresses = task.allGather(host + " " + listener.address().getPort());
      RingSettings settings =
          RingSettings.of(Arrays.stream(addresses).map(RankTask::address).toList(), rank, secret);
      try (RingCollective ring = listener.join(settings)) {
        return work.run(ring).stream().toList();
      }
    }
  }

  /** The address of a task is {@code host:port} of its executor. */
  private static String host(BarrierTaskContext task, int rank) {
    String address = task.getTaskInfos()[rank].address();
    int colon = address.lastIndexOf(':');
    return colon < 0 ? address : address.substring(0, colon);
  }

  private static InetSocketAddress address(String text) {
    int blank = text.indexOf(' ');
    return new InetSocketAddress(
        text.substring(0, blank), Integer.parseInt(text.substring(blank + 1)));
  }

  /** Where a rank computes. */
  static TorchDevice device(boolean useGpu) {
    return useGpu
        ? TorchDevice.gpu(RankResources.gpu(BarrierTaskContext.get()))
        : TorchDevice.of(DeviceChoice.CPU);
  }

  /** Ends a training whose task Spark has killed. */
  static TrainingListener stopWhenKilled() {
    BarrierTaskContext task = BarrierTaskContext.get();
    return new TrainingListener() {
      @Override
      public void batchDone(BatchProgress progress) {
        if (task.isInterrupted()) {
          throw new TaskKilledException("the task was killed");
        }
      }
    };
  }
}
