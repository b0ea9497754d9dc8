package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.LakeProtocol.Command;
import ai.postdev.actors.protocol.LakeProtocol.ManifestEntry;
import ai.postdev.actors.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A lake in memory that speaks the real protocol; what it holds can be read from the test's thread. It can be made to
 * refuse writes, and to write without answering, as a lake under load or on a failing network does.
 */
final class TestLake {
    private final Map<WorkspaceId, TreeMap<String, Body.PutDocument>> documents = new HashMap<>();
    private final Map<String, Long> putMillis = new HashMap<>();
    private final Map<ContentHash, String> blobs = new HashMap<>();
    private final List<Body.AppendEvent> events = new ArrayList<>();
    private final Map<String, String> settings = new TreeMap<>();
    private final Random random;
    private final double troubleRate;
    private long appends;
    final AtomicLong lastAppendNanos = new AtomicLong();

    /** A lake that fails a write with the probability {@code troubleRate}: half refused, half written unanswered. */
    TestLake(long seed, double troubleRate) {
        this.random = new Random(seed);
        this.troubleRate = troubleRate;
    }

    Behavior<Command> behavior() {
        return Behaviors.receiveMessage(command -> {
            on(command);
            return Behaviors.same();
        });
    }

    private synchronized void on(Command command) {
        switch (command) {
            case LakeProtocol.Append append -> append(append);
            case LakeProtocol.Manifest ask -> ask.replyTo().tell(new Reply.Answered<>(page(ask)));
            case LakeProtocol.Setting ask ->
                ask.replyTo().tell(new Reply.Answered<>(settings.getOrDefault(ask.key(), "")));
            case LakeProtocol.MissingCommits ask ->
                ask.replyTo()
                        .tell(new Reply.Answered<>(ask.commits().stream()
                                .filter(id -> !commits().contains(id))
                                .toList()));
            default -> throw new IllegalStateException("not asked in these tests: " + command);
        }
    }

    private void append(LakeProtocol.Append append) {
        boolean trouble = random.nextDouble() < troubleRate;
        boolean unwritten = trouble && random.nextBoolean();
        lastAppendNanos.set(System.nanoTime());
        if (unwritten) {
            append.replyTo().tell(new Reply.Refused<>(Reply.Reason.OVERLOADED, "made to refuse"));
            return;
        }
        append.blobs().forEach(blob -> blobs.put(blob.hash(), new String(blob.text(), StandardCharsets.UTF_8)));
        for (Body body : append.bodies()) {
            switch (body) {
                case Body.PutDocument put -> {
                    if (!blobs.containsKey(put.hash())) {
                        throw new IllegalStateException("no text for " + put);
                    }
                    documents
                            .computeIfAbsent(put.workspace(), _ -> new TreeMap<>())
                            .put(put.path(), put);
                    putMillis.put(put.workspace() + put.path(), System.currentTimeMillis());
                }
                case Body.RemoveDocument gone ->
                    documents
                            .computeIfAbsent(gone.workspace(), _ -> new TreeMap<>())
                            .remove(gone.path());
                case Body.AppendEvent event -> events.add(event);
                case Body.SetSetting set -> settings.put(set.key(), set.value());
                default -> throw new IllegalStateException("no watcher writes " + body);
            }
        }
        appends++;
        if (!trouble) {
            append.replyTo()
                    .tell(new Reply.Answered<>(new LakeProtocol.Appended(
                            new Origin("test"), appends, new HybridTime(appends), VersionVector.EMPTY)));
        }
    }

    private LakeProtocol.ManifestPage page(LakeProtocol.Manifest ask) {
        List<ManifestEntry> entries = new ArrayList<>();
        documents
                .getOrDefault(ask.workspace(), new TreeMap<>())
                .tailMap(ask.afterPath(), false)
                .forEach((path, put) -> entries.add(new ManifestEntry(
                        path,
                        put.hash(),
                        put.fileSize(),
                        put.modifiedMillis(),
                        putMillis.get(put.workspace() + path))));
        boolean complete = entries.size() <= ask.limit();
        return new LakeProtocol.ManifestPage(complete ? entries : entries.subList(0, ask.limit()), complete);
    }

    /** Path to text of everything that all workspaces hold. */
    synchronized Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        documents.values().forEach(all -> all.forEach((path, put) -> texts.put(path, blobs.get(put.hash()))));
        return texts;
    }

    synchronized List<String> commits() {
        return events("commit").stream()
                .map(event -> event.attributes().get("commit"))
                .toList();
    }

    synchronized List<Body.AppendEvent> events(String kind) {
        return events.stream().filter(event -> event.kind().equals(kind)).toList();
    }

    /** The value of the setting whose key ends in {@code name}. */
    synchronized String setting(String name) {
        return settings.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("/" + name))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse("");
    }

    /** Forgets a document, as a lake with damage does. */
    synchronized void lose(String path) {
        documents.values().forEach(all -> all.remove(path));
    }

    synchronized long appends() {
        return appends;
    }
}
