// The `ws` package with a frame that is built once and written to every socket.
import { Sender, WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false });
const subscribers = new Set();

server.on("connection", (socket, request) => {
  if (request.url === "/pub") {
    socket.on("message", (data) => {
      const frame = Buffer.concat(Sender.frame(data, { fin: true, opcode: 1, mask: false, rsv1: false, readOnly: true }));
      for (const one of subscribers) one._socket.write(frame);
    });
    return;
  }
  subscribers.add(socket);
  socket.on("close", () => subscribers.delete(socket));
});
