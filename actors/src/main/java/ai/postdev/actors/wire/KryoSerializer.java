package ai.postdev.actors.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.KryoBufferOverflowException;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.io.NotSerializableException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Encodes every {@link WireMessage} for the way to another node, with Kryo. The manifest is the message's name in the
 * wire catalogue; a class that is not there cannot travel, in either direction. Safe for use by several threads.
 */
public final class KryoSerializer extends SerializerWithStringManifest {
    /** This serializer's number in Pekko; never changed. */
    private static final int IDENTIFIER = 60_617;

    /** Largest message in bytes: one frame of the transport's stream for large messages. */
    static final int MAX_BYTES = 12 << 20;

    private static final int FIRST_BUFFER_BYTES = 512;
    private static final int POOLED = 16;

    private final WireCatalogue catalogue = new WireCatalogue();
    private final Pool<Kryo> pool;

    /** Called by Pekko. */
    public KryoSerializer(ExtendedActorSystem system) {
        this(ActorRefResolver.get(Adapter.toTyped(system)));
    }

    KryoSerializer(ActorRefResolver actors) {
        this.pool = new Pool<>(true, false, POOLED) {
            @Override
            protected Kryo create() {
                return new WireKryo(catalogue, actors);
            }
        };
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return entry(message).name();
    }

    @Override
    public byte[] toBinary(Object message) {
        entry(message);
        Kryo kryo = pool.obtain();
        try {
            Output output = new Output(FIRST_BUFFER_BYTES, MAX_BYTES);
            kryo.writeObject(output, message);
            return output.toBytes();
        } catch (KryoBufferOverflowException e) {
            throw new IllegalArgumentException(
                    "a message of class " + message.getClass().getName() + " is larger than the " + MAX_BYTES
                            + " bytes that may travel at once; send it in parts",
                    e);
        } catch (KryoException e) {
            throw new IllegalArgumentException(
                    "a message of class " + message.getClass().getName() + " cannot travel: " + e.getMessage(), e);
        } finally {
            pool.free(kryo);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        WireCatalogue.Entry entry = catalogue
                .ofName(manifest)
                .orElseThrow(() -> new NotSerializableException(
                        "unknown wire message '" + manifest + "'; the sender runs another version of PostDevAI"));
        Kryo kryo = pool.obtain();
        try {
            Input input = new Input(bytes);
            Object message = kryo.readObject(input, entry.type());
            int left = input.limit() - input.position();
            if (left != 0) {
                throw new NotSerializableException(
                        left + " bytes left after a '" + manifest + "'; the sender runs another version of PostDevAI");
            }
            return message;
        } catch (RuntimeException e) {
            // Kryo's own exceptions, and those of constructors that were given what they do not take.
            NotSerializableException refused =
                    new NotSerializableException("the bytes are no '" + manifest + "': " + e.getMessage());
            refused.initCause(e);
            throw refused;
        } finally {
            pool.free(kryo);
        }
    }

    private WireCatalogue.Entry entry(Object message) {
        return catalogue
                .ofType(message.getClass())
                .orElseThrow(
                        () -> new IllegalArgumentException(message.getClass().getName()
                                + " is not in the wire catalogue and cannot travel; add it to WireCatalogue"));
    }
}
