package ai.postdev.coordinator.gateway;

import ai.postdev.actors.protocol.EmbeddingProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.Embedding;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Embeds each text as its length and a quarter; a text {@code wait} is never answered, the model {@code nothing} unknown. */
final class TestEmbeddings {
    /** Ids of requests that were cancelled. */
    final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
    /** Ids of requests that wait. */
    final BlockingQueue<String> waiting = new LinkedBlockingQueue<>();

    Behavior<EmbeddingProtocol.Command> behavior() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case EmbeddingProtocol.Embed embed -> onEmbed(embed);
                case EmbeddingProtocol.Cancel(String id) -> cancelled.add(id);
            }
            return Behaviors.same();
        });
    }

    private void onEmbed(EmbeddingProtocol.Embed embed) {
        if (embed.request().getModel().equals("nothing")) {
            embed.replyTo().tell(new Reply.Refused<>(Reply.Reason.NOT_FOUND, "no embedding model 'nothing'"));
            return;
        }
        if (embed.request().getInputsList().contains("wait")) {
            waiting.add(embed.id());
            return;
        }
        EmbedAnswer.Builder answer =
                EmbedAnswer.newBuilder().setModel("minilm").setDimensions(2).setTookMs(10);
        for (String text : embed.request().getInputsList()) {
            answer.addEmbeddings(Embedding.newBuilder()
                    .addValues(text.length())
                    .addValues(0.25f)
                    .setTokens(1)
                    .setCut(text.length() > 20));
        }
        embed.replyTo()
                .tell(new Reply.Answered<>(
                        answer.setTokens(answer.getEmbeddingsCount()).build()));
    }
}
