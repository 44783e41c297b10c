//! What goes wrong on purpose, by `test_fault`. Counts go down as they are used; 0 is health.
use serde_json::{json, Value};

#[derive(Clone)]
pub struct Faults {
    /// Ledgers behind the newest that this node answers from.
    pub lag: usize,
    /// Ledgers whose transactions and events are kept.
    pub retention: u32,
    /// Ledgers close empty; what waits goes on waiting.
    pub hold: bool,
    /// Times that a taken transaction is forgotten.
    pub lose: u32,
    /// Times that sendTransaction says TRY_AGAIN_LATER.
    pub try_again_later: u32,
    /// Times that sendTransaction is carried out and its answer lost.
    pub lose_answer: u32,
    /// Requests that are never answered.
    pub silent: u32,
}

/// About a week of ledgers, which is what public nodes keep.
const RETENTION: u32 = 120_960;

impl Default for Faults {
    fn default() -> Self {
        Faults {
            lag: 0,
            retention: RETENTION,
            hold: false,
            lose: 0,
            try_again_later: 0,
            lose_answer: 0,
            silent: 0,
        }
    }
}

fn use_up(count: &mut u32) -> bool {
    let is_left = *count > 0;
    *count = count.saturating_sub(1);
    is_left
}

impl Faults {
    pub fn refuse_later(&mut self) -> bool {
        use_up(&mut self.try_again_later)
    }

    pub fn lose_it(&mut self) -> bool {
        use_up(&mut self.lose)
    }

    pub fn lose_this_answer(&mut self) -> bool {
        use_up(&mut self.lose_answer)
    }

    pub fn keep_silent(&mut self) -> bool {
        use_up(&mut self.silent)
    }

    /// Sets what is named and leaves the rest; an unknown name is a mistake in a test.
    pub fn set(&mut self, wanted: &Value) -> Result<(), String> {
        let Some(wanted) = wanted.as_object() else { return Err("faults are named".to_string()) };
        for (name, value) in wanted {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            match (name.as_str(), number, value.as_bool()) {
                ("lag", Some(count), _) => self.lag = count as usize,
                ("retention", Some(count), _) if count > 0 => self.retention = count,
                ("hold", _, Some(hold)) => self.hold = hold,
                ("lose", Some(count), _) => self.lose = count,
                ("tryAgainLater", Some(count), _) => self.try_again_later = count,
                ("loseAnswer", Some(count), _) => self.lose_answer = count,
                ("silent", Some(count), _) => self.silent = count,
                _ => return Err(format!("no such fault: {name}")),
            }
        }
        Ok(())
    }

    pub fn told(&self) -> Value {
        json!({
            "lag": self.lag, "retention": self.retention, "hold": self.hold, "lose": self.lose,
            "tryAgainLater": self.try_again_later, "loseAnswer": self.lose_answer, "silent": self.silent,
        })
    }
}
