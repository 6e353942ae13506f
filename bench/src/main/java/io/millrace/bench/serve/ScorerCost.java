package io.millrace.bench.serve;

import com.sun.management.ThreadMXBean;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.ModelFile;
import io.millrace.training.scoring.NodeScorer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What a request to a {@link NodeScorer} costs, without server, cache and company.
 *
 * @param request what is asked for
 * @param cpuMillis CPU time of the threads that ask and compute, the median
 * @param millis the median
 * @param bytes allocated on the heap per request
 */
record ScorerCost(String request, double cpuMillis, double millis, long bytes) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM = 1000;
  private static final int COUNT = 200;
  private static final int MANY = 10;

  /** One node sampled and exact, and ten sampled. */
  static List<ScorerCost> measure(GraphDataset data, ModelFile model, Fanout fanout, long seed) {
    List<ScorerCost> costs = new ArrayList<>();
    Fanout all = Fanout.uniform(Fanout.ALL, fanout.numHops());
    costs.add(of("1 node, " + fanout, data, model, fanout, seed, 1));
    costs.add(of(MANY + " nodes, " + fanout, data, model, fanout, seed, MANY));
    costs.add(of("1 node, exact", data, model, all, seed, 1));
    return costs;
  }

  private static ScorerCost of(
      String request, GraphDataset data, ModelFile model, Fanout fanout, long seed, int nodes) {
    Random random = new Random(seed);
    double[] cpu = new double[COUNT];
    double[] wall = new double[COUNT];
    long bytes;
    try (NodeScorer scorer =
        NodeScorer.builder(data, model).fanout(fanout).seed(seed).computeThreads(1).build()) {
      for (int i = 0; i < WARM; i++) {
        scorer.score(nodes(random, data, nodes));
      }
      long thread = scorerThread();
      long allocated = allocated();
      for (int i = 0; i < COUNT; i++) {
        int[] asked = nodes(random, data, nodes);
        long cpuBegin = cpuNanos(thread);
        long begin = System.nanoTime();
        scorer.score(asked);
        wall[i] = (System.nanoTime() - begin) / 1e6;
        cpu[i] = (cpuNanos(thread) - cpuBegin) / 1e6;
      }
      bytes = (allocated() - allocated) / COUNT;
    }
    Arrays.sort(cpu);
    Arrays.sort(wall);
    return new ScorerCost(request, cpu[COUNT / 2], wall[COUNT / 2], bytes);
  }

  private static int[] nodes(Random random, GraphDataset data, int count) {
    return random.ints(count, 0, data.graph().numNodes()).toArray();
  }

  /** Of this thread and of the scorer's, which computes alone. */
  private static long cpuNanos(long scorerThread) {
    return THREADS.getThreadCpuTime(scorerThread) + THREADS.getCurrentThreadCpuTime();
  }

  private static long scorerThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("millrace-scorer-"))
        .mapToLong(Thread::threadId)
        .findFirst()
        .orElseThrow();
  }

  private static long allocated() {
    return THREADS.getTotalThreadAllocatedBytes();
  }
}
