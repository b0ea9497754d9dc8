package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.EmbedderSlot;
import ai.postdev.dragon.model.engine.ModelFacts;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where an embedder of this node lives.
 *
 * @param facts its engine, the tokens of a text that it looks at, and how many texts at once
 */
public record EmbedderPlace(ActorRef<EmbedderSlot.Command> slot, ModelFacts facts) {}
