package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.LakeProtocol.TreeId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.Reply.Reason;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Searches past commits of one workspace: finds out which commit is meant, asks the lake, and if that does not hold the
 * commit's tree, reads it from the repository, brings it there and asks again. Whoever asks for a commit that is being
 * read waits for the same reading. Safe on any thread; what blocks runs on the watch dispatcher.
 */
final class PastSearch {
    private final WatchSettings settings;
    private final RecipientRef<LakeProtocol.Command> lake;
    private final Scheduler scheduler;
    private final Executor blocking;
    private final Map<TreeId, CompletableFuture<Reply<Integer>>> readings = new HashMap<>();

    PastSearch(
            WatchSettings settings, RecipientRef<LakeProtocol.Command> lake, Scheduler scheduler, Executor blocking) {
        this.settings = settings;
        this.lake = lake;
        this.scheduler = scheduler;
        this.blocking = blocking;
    }

    /** Searches the commit that the request's {@code at} names. */
    void search(PastFiles files, SearchRequest request, ActorRef<Reply<SearchAnswer>> replyTo) {
        CompletionStage<Reply<SearchAnswer>> answered = CompletableFuture.supplyAsync(
                        () -> files.resolve(request.getAt()), blocking)
                .thenCompose(resolved -> switch (resolved) {
                    case Reply.Refused<TreeId> refused -> refused(refused);
                    case Reply.Answered<TreeId>(TreeId tree) -> search(files, tree, request);
                });
        answered.whenComplete((reply, failure) -> replyTo.tell(
                failure == null
                        ? reply
                        : new Reply.Refused<>(Reason.FAILED, "searching a past commit failed: " + failure)));
    }

    private CompletionStage<Reply<SearchAnswer>> search(PastFiles files, TreeId tree, SearchRequest request) {
        return ask(tree, request).thenCompose(reply -> {
            boolean unknown =
                    reply instanceof Reply.Refused<SearchAnswer> refused && refused.reason() == Reason.NOT_FOUND;
            if (!unknown) {
                return CompletableFuture.completedFuture(reply);
            }
            return reading(files, tree).thenCompose(brought -> switch (brought) {
                case Reply.Refused<Integer> refused -> refused(refused);
                case Reply.Answered<Integer> _ -> ask(tree, request);
            });
        });
    }

    private CompletionStage<Reply<SearchAnswer>> ask(TreeId tree, SearchRequest request) {
        return AskPattern.ask(
                lake,
                (ActorRef<Reply<SearchAnswer>> replyTo) -> new LakeProtocol.SearchTree(tree, request, replyTo),
                settings.askTimeout(),
                scheduler);
    }

    private static CompletionStage<Reply<SearchAnswer>> refused(Reply.Refused<?> refused) {
        return CompletableFuture.completedFuture(new Reply.Refused<>(refused.reason(), refused.message()));
    }

    private synchronized CompletionStage<Reply<Integer>> reading(PastFiles files, TreeId tree) {
        CompletableFuture<Reply<Integer>> underWay = readings.get(tree);
        if (underWay != null) {
            return underWay;
        }
        if (readings.size() >= settings.pastLoadsMax()) {
            return CompletableFuture.completedFuture(new Reply.Refused<>(
                    Reason.OVERLOADED,
                    readings.size() + " past commits of this folder are being read already"
                            + " (postdevai.watch.past-loads-max); try again shortly"));
        }
        CompletableFuture<Reply<Integer>> reading = new CompletableFuture<>();
        readings.put(tree, reading);
        blocking.execute(() -> {
            Reply<Integer> outcome = bring(files, tree);
            over(tree);
            reading.complete(outcome);
        });
        return reading;
    }

    private synchronized void over(TreeId tree) {
        readings.remove(tree);
    }

    /** Reads a tree and hands it to the lake part by part, each after the answer to the one before. Blocking. */
    private Reply<Integer> bring(PastFiles files, TreeId tree) {
        try {
            int[] part = {0};
            return files.readAll(tree, (portion, last) -> put(tree, part[0]++, last, portion));
        } catch (Refusal e) {
            return new Reply.Refused<>(e.refused.reason(), e.refused.message());
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return new Reply.Refused<>(
                    Reason.FAILED, "commit " + tree.commit() + " could not be read: " + e.getMessage());
        }
    }

    private void put(TreeId tree, int part, boolean last, List<PastFiles.PastFile> files) throws IOException {
        CompletionStage<Reply<Integer>> asked = AskPattern.ask(
                lake,
                replyTo -> new LakeProtocol.PutTree(
                        tree,
                        part,
                        last,
                        files.stream().map(PastFiles.PastFile::put).toList(),
                        files.stream().map(PastFiles.PastFile::blob).toList(),
                        replyTo),
                settings.askTimeout(),
                scheduler);
        try {
            Reply<Integer> reply =
                    asked.toCompletableFuture().get(settings.askTimeout().toMillis() * 2, TimeUnit.MILLISECONDS);
            if (reply instanceof Reply.Refused<Integer> refused) {
                throw new Refusal(refused);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the lake took a part of it", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the lake did not take a part of it: " + e.getMessage(), e);
        }
    }

    /** The lake said no. */
    private static final class Refusal extends IOException {
        private static final long serialVersionUID = 1;
        private final transient Reply.Refused<?> refused;

        Refusal(Reply.Refused<?> refused) {
            super(refused.message());
            this.refused = refused;
        }
    }
}
