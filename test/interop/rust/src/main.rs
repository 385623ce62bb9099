//! The SwimOS Rust host of the interop tests: one plane, three kinds of node, nothing kept on disk.
//!
//! Prints `listening PORT` once it accepts connections, and ends on SIGTERM, SIGINT or the end of its standard
//! input, so that a test runner that dies leaves no host behind.

mod body;
mod building;
mod record;
mod room;
mod unit;

use std::{net::SocketAddr, time::Duration};

use swimos::{
    agent::agent_model::AgentModel,
    route::RoutePattern,
    server::{Server, ServerBuilder},
};
use tokio::{
    io::AsyncReadExt,
    signal::unix::{signal, SignalKind},
};

use building::{BuildingAgent, BuildingLifecycle};
use room::{RoomAgent, RoomLifecycle};
use unit::{UnitAgent, UnitLifecycle};

const USAGE: &str = "usage: swimlink-interop [--port N] [--inactive-ms N] [--deflate] [--record FILE]";

/// How long open sockets and agents get to close before the process ends regardless.
const STOP_WITHIN: Duration = Duration::from_millis(1500);

struct Options {
    port: u16,
    inactive: Option<Duration>,
    deflate: bool,
}

fn options() -> Result<Options, String> {
    let mut found = Options { port: 0, inactive: None, deflate: false };
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let mut number = || {
            let text = args.next().ok_or_else(|| format!("{name} needs a number\n{USAGE}"))?;
            text.parse::<u64>().map_err(|_| format!("{name}: not a number: {text}\n{USAGE}"))
        };
        match name.as_str() {
            "--port" => found.port = u16::try_from(number()?).map_err(|_| format!("--port: over 65535\n{USAGE}"))?,
            "--inactive-ms" => found.inactive = Some(Duration::from_millis(number()?)),
            "--deflate" => found.deflate = true,
            "--record" => {
                let path = args.next().ok_or_else(|| format!("--record needs a file\n{USAGE}"))?;
                record::open(&path).map_err(|problem| format!("--record: {path}: {problem}"))?;
            }
            _ => return Err(format!("unknown argument {name}\n{USAGE}")),
        }
    }
    Ok(found)
}

#[tokio::main]
async fn main() {
    let options = options().unwrap_or_else(|problem| {
        eprintln!("{problem}");
        std::process::exit(2)
    });
    if let Err(problem) = serve(options).await {
        eprintln!("{problem}");
        std::process::exit(1);
    }
    // The standard input is read by a thread that only the end of the process stops.
    std::process::exit(0);
}

async fn serve(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let unit = AgentModel::new(UnitAgent::default, UnitLifecycle.into_lifecycle());
    let room = AgentModel::new(RoomAgent::default, RoomLifecycle.into_lifecycle());
    let building = AgentModel::new(BuildingAgent::default, BuildingLifecycle.into_lifecycle());

    let mut builder = ServerBuilder::with_plane_name("interop")
        .set_bind_addr(SocketAddr::from(([127, 0, 0, 1], options.port)))
        .add_route(RoutePattern::parse_str("/unit/:id")?, unit)
        .add_route(RoutePattern::parse_str("/room/:id")?, room)
        .add_route(RoutePattern::parse_str("/building/:id")?, building)
        .update_config(|config| {
            if let Some(inactive) = options.inactive {
                config.agent_runtime.inactive_timeout = inactive;
            }
        });
    if options.deflate {
        builder = builder.add_deflate_support();
    }

    let (task, mut handle) = builder.build().await?.run();
    let mut running = tokio::spawn(task);

    match handle.bound_addr().await {
        Some(address) => println!("listening {}", address.port()),
        None => return Err(format!("could not listen on 127.0.0.1:{}: {:?}", options.port, running.await).into()),
    }

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = input_ends() => {}
        ended = &mut running => return Ok(ended??),
    }
    handle.stop();
    let _ = tokio::time::timeout(STOP_WITHIN, running).await;
    Ok(())
}

async fn input_ends() {
    let mut input = tokio::io::stdin();
    let mut heard = [0; 256];
    while matches!(input.read(&mut heard).await, Ok(count) if count > 0) {}
}
