package ai.postdev.actors.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.RecordSerializer;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * Kryo as the wire uses it: only catalogued classes, no reflection over private fields, and no allocation larger than the
 * bytes that are there, whatever the bytes say. Single-threaded.
 */
final class WireKryo extends Kryo {
    private static final int LIST = 10;
    private static final int MAP = 11;
    private static final int ACTOR = 12;
    private static final int BYTES = 13;
    private static final int FLOATS = 14;

    /** Values within values; messages nest 4 or 5 deep, so more is damage. */
    private static final int MAX_DEPTH = 32;

    WireKryo(WireCatalogue catalogue, ActorRefResolver actors) {
        setRegistrationRequired(true);
        setReferences(false);
        setMaxDepth(MAX_DEPTH);
        // Kryo's own reader of strings trusts the length it reads.
        register(String.class, new Text(), getRegistration(String.class).getId());
        register(List.class, new Lists(), LIST);
        register(Map.class, new Maps(), MAP);
        register(ActorRef.class, new Actors(actors), ACTOR);
        register(byte[].class, new Bytes(), BYTES);
        register(float[].class, new Floats(), FLOATS);
        for (WireCatalogue.Entry entry : catalogue.entries()) {
            register(entry.type(), serializer(entry.type()), entry.id());
        }
    }

    private static Serializer<?> serializer(Class<?> type) {
        if (Message.class.isAssignableFrom(type)) {
            return new Proto(defaultInstance(type));
        }
        if (type.isEnum()) {
            return new Names(type);
        }
        if (type.isRecord()) {
            return new RecordSerializer<>(type);
        }
        throw new IllegalStateException(type + " is neither a record, an enum nor a protobuf message");
    }

    private static Message defaultInstance(Class<?> type) {
        try {
            return (Message) type.getMethod("getDefaultInstance").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is no generated protobuf message", e);
        }
    }

    /** Lists, maps and actor references have many classes; on the wire each is one. */
    @Override
    @SuppressWarnings("rawtypes") // as Kryo declares it
    public Registration getRegistration(Class type) {
        Class<?> canonical = type;
        if (List.class.isAssignableFrom(type)) {
            canonical = List.class;
        } else if (Map.class.isAssignableFrom(type)) {
            canonical = Map.class;
        } else if (ActorRef.class.isAssignableFrom(type)) {
            canonical = ActorRef.class;
        }
        return super.getRegistration(canonical);
    }

    /** Reads how many units of at least {@code unit} bytes follow, and checks that so many can follow. */
    private static int length(Input input, int unit) {
        int length = input.readVarInt(true);
        int left = input.limit() - input.position();
        if (length < 0 || (long) length * unit > left) {
            throw new KryoException(length + " units of " + unit + " bytes announced, " + left + " bytes left");
        }
        return length;
    }

    private static void writeText(Output output, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.writeVarInt(bytes.length, true);
        output.writeBytes(bytes);
    }

    private static String readText(Input input) {
        return new String(input.readBytes(length(input, 1)), StandardCharsets.UTF_8);
    }

    /** Text as UTF-8. */
    private static final class Text extends Serializer<String> {
        Text() {
            super(false, true);
        }

        @Override
        public void write(Kryo kryo, Output output, String text) {
            writeText(output, text);
        }

        @Override
        public String read(Kryo kryo, Input input, Class<? extends String> type) {
            return readText(input);
        }
    }

    /** Any list; arrives unmodifiable. */
    private static final class Lists extends Serializer<List<?>> {
        Lists() {
            super(false, true);
        }

        @Override
        public void write(Kryo kryo, Output output, List<?> list) {
            output.writeVarInt(list.size(), true);
            for (Object item : list) {
                kryo.writeClassAndObject(output, item);
            }
        }

        @Override
        public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
            int size = length(input, 1);
            List<Object> list = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                list.add(kryo.readClassAndObject(input));
            }
            return Collections.unmodifiableList(list);
        }
    }

    /** Any map, in its own order; arrives unmodifiable. */
    private static final class Maps extends Serializer<Map<?, ?>> {
        Maps() {
            super(false, true);
        }

        @Override
        public void write(Kryo kryo, Output output, Map<?, ?> map) {
            output.writeVarInt(map.size(), true);
            map.forEach((key, value) -> {
                kryo.writeClassAndObject(output, key);
                kryo.writeClassAndObject(output, value);
            });
        }

        @Override
        public Map<?, ?> read(Kryo kryo, Input input, Class<? extends Map<?, ?>> type) {
            int size = length(input, 2);
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                map.put(kryo.readClassAndObject(input), kryo.readClassAndObject(input));
            }
            return Collections.unmodifiableMap(map);
        }
    }

    /** Actor references by their full address. */
    private static final class Actors extends Serializer<ActorRef<?>> {
        private final ActorRefResolver actors;

        Actors(ActorRefResolver actors) {
            super(false, true);
            this.actors = actors;
        }

        @Override
        public void write(Kryo kryo, Output output, ActorRef<?> actor) {
            writeText(output, actors.toSerializationFormat(actor));
        }

        @Override
        public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
            return actors.resolveActorRef(readText(input));
        }
    }

    /** Bytes as they are. */
    private static final class Bytes extends Serializer<byte[]> {
        Bytes() {
            super(false, true);
        }

        @Override
        public void write(Kryo kryo, Output output, byte[] bytes) {
            output.writeVarInt(bytes.length, true);
            output.writeBytes(bytes);
        }

        @Override
        public byte[] read(Kryo kryo, Input input, Class<? extends byte[]> type) {
            return input.readBytes(length(input, 1));
        }
    }

    /** Vectors: four bytes each. */
    private static final class Floats extends Serializer<float[]> {
        Floats() {
            super(false, true);
        }

        @Override
        public void write(Kryo kryo, Output output, float[] values) {
            output.writeVarInt(values.length, true);
            output.writeFloats(values, 0, values.length);
        }

        @Override
        public float[] read(Kryo kryo, Input input, Class<? extends float[]> type) {
            return input.readFloats(length(input, Float.BYTES));
        }
    }

    /** Constants of an enum by name, so that their order may change. */
    private static final class Names extends Serializer<Enum<?>> {
        private final Map<String, Enum<?>> constants = new LinkedHashMap<>();

        Names(Class<?> type) {
            super(false, true);
            for (Object constant : type.getEnumConstants()) {
                constants.put(((Enum<?>) constant).name(), (Enum<?>) constant);
            }
        }

        @Override
        public void write(Kryo kryo, Output output, Enum<?> constant) {
            writeText(output, constant.name());
        }

        @Override
        public Enum<?> read(Kryo kryo, Input input, Class<? extends Enum<?>> type) {
            String name = readText(input);
            Enum<?> constant = constants.get(name);
            if (constant == null) {
                throw new KryoException("unknown constant '" + name + "', expected one of " + constants.keySet());
            }
            return constant;
        }
    }

    /** Protobuf messages in their own encoding, so that fields can be added to them. */
    private static final class Proto extends Serializer<Message> {
        private final Message defaultInstance;

        Proto(Message defaultInstance) {
            super(false, true);
            this.defaultInstance = defaultInstance;
        }

        @Override
        public void write(Kryo kryo, Output output, Message message) {
            byte[] bytes = message.toByteArray();
            output.writeVarInt(bytes.length, true);
            output.writeBytes(bytes);
        }

        @Override
        public Message read(Kryo kryo, Input input, Class<? extends Message> type) {
            try {
                return defaultInstance.getParserForType().parseFrom(input.readBytes(length(input, 1)));
            } catch (InvalidProtocolBufferException e) {
                throw new KryoException("not a " + type.getSimpleName() + ": " + e.getMessage(), e);
            }
        }
    }
}
