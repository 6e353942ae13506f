package io.millrace.serving;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.serving.batching.RecentTimes;
import io.millrace.serving.cache.AnswerCache;
import io.millrace.serving.http.HttpApi;
import io.millrace.serving.metrics.ServerMetrics;
import io.millrace.serving.models.AnswerKey;
import io.millrace.serving.models.EnsembleModel;
import io.millrace.serving.models.Model;
import io.millrace.serving.models.ModelContext;
import io.millrace.serving.models.ModelSettings;
import io.millrace.serving.models.ModelSlot;
import io.millrace.serving.selection.SelectionPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves predictions of trained models over one graph.
 *
 * <pre>{@code
 * try (PredictionServer server = PredictionServer.of(data, settings, 64 << 20)) {
 *   server.add("mine", modelDirectory, Optional.empty());
 *   System.out.println(server.start(ServerOptions.defaults()));
 *   ...
 * }
 * }</pre>
 *
 * <p>Thread-safe once it has been started; the models are added before, by one thread. Owns its
 * models, threads and sockets until {@link #close}; the dataset is the caller's. The next class to
 * read is {@link HttpApi}.
 */
public final class PredictionServer implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final long POLL_MILLIS = 5;

  /** How long requests are refused before the socket is closed, which clients see as a reset. */
  private static final long REFUSING_MILLIS = 200;

  private final ModelContext context;
  private final Map<String, Model> models = new LinkedHashMap<>();
  private ServerOptions options = ServerOptions.defaults();
  private Optional<HttpServer> http = Optional.empty();
  private Optional<HttpApi> api = Optional.empty();
  private Optional<ExecutorService> threads = Optional.empty();

  static { // read by the JDK when its server is loaded; a client may not hold a connection for ever
    setUnlessSet("sun.net.httpserver.maxReqTime", "30");
    setUnlessSet("sun.net.httpserver.maxRspTime", "60");
    setUnlessSet("sun.net.httpserver.maxIdleConnections", "4096");
    setUnlessSet("sun.net.httpserver.nodelay", "true");
  }

  private PredictionServer(ModelContext context) {
    this.context = context;
  }

  private static void setUnlessSet(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }

  /**
   * A server without models.
   *
   * @param cacheBytes of answers that are kept
   */
  public static PredictionServer of(GraphDataset data, ModelSettings settings, long cacheBytes) {
    ServerMetrics metrics = new ServerMetrics();
    AnswerCache<AnswerKey> cache = new AnswerCache<>(cacheBytes, metrics::evicted);
    metrics.gauge("cache.bytes", cache::bytes);
    return new PredictionServer(
        new ModelContext(data, settings, cache, metrics, new RecentTimes()));
  }

  /**
   * Loads a model.
   *
   * @param table a folder of its results, for {@link ModelSettings.Mode#TABLE}
   * @throws BadInputException if it does not fit the dataset, or the name is taken
   */
  public void add(String name, Path directory, Optional<Path> table) {
    requireNew(name);
    models.put(name, new ModelSlot(name, directory, table, context));
  }

  /**
   * Adds a model that is made of others.
   *
   * @param state file of its weights
   */
  public void addEnsemble(
      String name, List<String> members, SelectionPolicy policy, Optional<Path> state) {
    requireNew(name);
    List<ModelSlot> slots = new ArrayList<>();
    for (String member : members) {
      if (!(models.get(member) instanceof ModelSlot slot)) {
        throw BadInputException.of(
            "an ensemble is made of models that are served", "model", member);
      }
      slots.add(slot);
    }
    models.put(name, new EnsembleModel(name, slots, policy, state, context));
  }

  private void requireNew(String name) {
    if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
      throw BadInputException.of(
          "a model's name has letters, digits, dots and dashes", "name", name);
    }
    if (models.containsKey(name)) {
      throw BadInputException.of("two models have the same name", "name", name);
    }
  }

  /**
   * Listens.
   *
   * @return where
   * @throws BadInputException if the address cannot be used
   */
  public URI start(ServerOptions chosen) {
    options = chosen;
    HttpServer server = bind();
    ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
    HttpApi handler =
        new HttpApi(
            context,
            models,
            chosen.token(),
            chosen.host(),
            chosen.maxBodyBytes(),
            chosen.maxNodes(),
            chosen.maxRate());
    server.setExecutor(virtual);
    server.createContext("/", handler);
    server.start();
    http = Optional.of(server);
    api = Optional.of(handler);
    threads = Optional.of(virtual);
    String scheme = chosen.tls().isPresent() ? "https" : "http";
    String host = chosen.host().contains(":") ? "[" + chosen.host() + "]" : chosen.host();
    return URI.create(scheme + "://" + host + ":" + server.getAddress().getPort());
  }

  private HttpServer bind() {
    InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
    try {
      if (options.tls().isEmpty()) {
        return HttpServer.create(address, BACKLOG);
      }
      HttpsServer server = HttpsServer.create(address, BACKLOG);
      server.setHttpsConfigurator(new HttpsConfigurator(options.tls().get()));
      return server;
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInputException(
          "cannot listen: host=%s, port=%s, cause=%s"
              .formatted(options.host(), options.port(), e.getMessage()),
          e);
    }
  }

  /**
   * Ends well: says at once that it is not ready, takes requests for {@link
   * ServerOptions#drainDelay}, then refuses new ones, and waits for those that are being answered.
   */
  @Override
  public void close() {
    api.ifPresent(HttpApi::drain);
    if (http.isPresent()) {
      pause(options.drainDelay().toMillis());
      api.ifPresent(HttpApi::refuse);
      pause(REFUSING_MILLIS);
      long end = System.nanoTime() + options.drainTimeout().toNanos();
      while (api.orElseThrow().inFlight() > 0 && System.nanoTime() < end) {
        pause(POLL_MILLIS);
      }
      http.get().stop(1);
      threads.ifPresent(ExecutorService::shutdownNow); // who still waits has had the drain timeout
      threads.ifPresent(ExecutorService::close);
      http = Optional.empty();
    }
    models.values().forEach(Model::close);
    models.clear();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
