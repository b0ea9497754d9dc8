package ai.postdev.dragon.model;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.EmbedRequest;
import ai.postdev.v1.Embedding;
import java.util.OptionalInt;
import org.apache.pekko.actor.typed.ActorRef;

/** A caller's texts on their way. Lives on the thread of its keeper. */
final class EmbedJob {
    final String id;
    final EmbedRequest request;
    final ActorRef<Reply<EmbedAnswer>> replyTo;
    final long started = System.nanoTime();
    private final Embedding[] done;
    private int begun;
    private int ended;

    EmbedJob(String id, EmbedRequest request, ActorRef<Reply<EmbedAnswer>> replyTo) {
        this.id = id;
        this.request = request;
        this.replyTo = replyTo;
        done = new Embedding[request.getInputsCount()];
    }

    int texts() {
        return done.length;
    }

    long bytes() {
        return request.getSerializedSize();
    }

    /** The place of a text that nobody works on yet; empty if there is none. */
    OptionalInt next() {
        return begun < done.length ? OptionalInt.of(begun++) : OptionalInt.empty();
    }

    boolean hasNext() {
        return begun < done.length;
    }

    /** @return whether all are done now */
    boolean done(int place, Embedder.Embedded embedded) {
        Embedding.Builder one =
                Embedding.newBuilder().setTokens(embedded.tokens()).setCut(embedded.cut());
        for (float value : embedded.vector()) {
            one.addValues(value);
        }
        done[place] = one.build();
        return ++ended == done.length;
    }

    EmbedAnswer answer(String model, Embedder embedder) {
        EmbedAnswer.Builder answer = EmbedAnswer.newBuilder()
                .setModel(model)
                .setEngine(embedder.engine())
                .setDimensions(embedder.dimensions())
                .setTookMs((System.nanoTime() - started) / 1_000 / 1_000.0);
        int tokens = 0;
        for (Embedding one : done) {
            answer.addEmbeddings(one);
            tokens += one.getTokens();
        }
        return answer.setTokens(tokens).build();
    }
}
