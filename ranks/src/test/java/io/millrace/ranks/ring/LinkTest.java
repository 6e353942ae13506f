package io.millrace.ranks.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ranks.RankFailedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a link reports of its peer, which is the test here. */
class LinkTest {
  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
  private Socket peer;
  private Link link;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket server = new ServerSocket()) {
      server.bind(RingGroup.loopback());
      peer = new Socket(server.getInetAddress(), server.getLocalPort());
      link = new Link(SocketWire.of(server.accept()), 1, "link-of-a-test", new Reports());
    }
    link.start();
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    link.close(System.nanoTime());
  }

  private final class Reports implements Link.Listener {
    @Override
    public void failed(RankFailedException failure) {
      reports.add("failed, ended=" + link.ended());
    }

    @Override
    public void lost(Link lost, Exception cause) {
      reports.add("lost, ended=" + lost.ended());
    }
  }

  private void say(Frame.Kind kind) throws IOException {
    byte[] bytes = new byte[Frame.HEADER];
    Frame.control(kind, 1, 0, 0, 0, new byte[0]).write(bytes);
    peer.getOutputStream().write(bytes);
  }

  private String report() throws InterruptedException {
    return reports.poll(20, TimeUnit.SECONDS);
  }

  /** Else a rank that looks in between reports that the one who only passed it on has ended. */
  @Test
  void failureIsReportedBeforeItsSenderCountsAsEnded() throws Exception {
    say(Frame.Kind.FAIL);
    assertEquals("failed, ended=false", report());
  }

  /** Else the rank waits until the limit of the operation for it to be written. */
  @Test
  void valueThatAPeerDoesNotTakeIsReportedThoughItHasEndedInOrder() throws Exception {
    say(Frame.Kind.BYE);
    while (!link.ended()) {
      Thread.sleep(1);
    }
    peer.setSoLinger(true, 0);
    peer.close();
    MemorySegment value = MemorySegment.ofArray(new byte[Frame.MAX_PAYLOAD]);
    for (int i = 0; i < 8; i++) {
      link.send(new Frame(Frame.Kind.DATA, 0, 0, i, 1, 0, 8L * Frame.MAX_PAYLOAD, value));
    }
    assertEquals("lost, ended=true", report());
  }

  @Test
  void peerThatWaitsIsNotBusyWhereverItIs() throws Exception {
    long before = System.nanoTime();
    byte[] bytes = new byte[Frame.HEADER];
    Frame.control(Frame.Kind.BEAT, 1, 1, 4, 0, new byte[0]).write(bytes);
    peer.getOutputStream().write(bytes);
    while (link.bytesReceived() == 0) {
      Thread.sleep(1);
    }
    assertFalse(link.peerIsBusy(before));
    Frame.control(Frame.Kind.BEAT, 1, 0, 4, 0, new byte[0]).write(bytes);
    peer.getOutputStream().write(bytes);
    while (!link.peerIsBusy(before)) {
      Thread.sleep(1);
    }
    assertTrue(reports.isEmpty());
  }
}
